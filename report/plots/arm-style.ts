import {
    type SymbolType,
    symbol,
    symbolCircle,
    symbolCross,
    symbolDiamond,
    symbolSquare,
    symbolStar,
    symbolTriangle,
    symbolWye,
} from "d3-shape";
import { allArms, familyOf, isMain } from "../../model/arms.ts";

/** How an arm is drawn; its colour is never the only distinction from other arms. */
export interface ArmStyle {
    /** CSS class that sets the colour. */
    colour: "network" | "volume" | "network-ablation" | "volume-ablation" | "floor";
    /** `stroke-dasharray` of its line; `none`: solid. */
    dash: string;
    /** Marker of its points. */
    symbol: SymbolType;
}

const ablationMarks = [
    { dash: "6 3", symbol: symbolTriangle },
    { dash: "2 3", symbol: symbolDiamond },
    { dash: "9 3 2 3", symbol: symbolCross },
    { dash: "4 2 1 2 1 2", symbol: symbolStar },
    { dash: "12 4", symbol: symbolWye },
] as const;

/** Main arms have solid lines with circles (network) or squares (volume); ablation arms differ in dash and marker. */
export function styleOf(arm: string): ArmStyle {
    const family = familyOf(arm);
    // The floor, and other families that another version measures.
    if (family !== "network" && family !== "volume") return { colour: "floor", dash: "1 2", symbol: symbolSquare };
    if (isMain(arm))
        return { colour: family, dash: "none", symbol: family === "network" ? symbolCircle : symbolSquare };
    const ablations: string[] = allArms.filter((other) => familyOf(other) === family && !isMain(other));
    const position = Math.max(0, ablations.indexOf(arm)); // an arm of another version looks like the first one
    const marks = ablationMarks[position % ablationMarks.length] as (typeof ablationMarks)[number];
    return { colour: `${family}-ablation`, ...marks };
}

/** The arm as a CSS class: `arm-network-cluster-ip`. */
export function armClass(arm: string): string {
    return `arm-${arm.replace("/", "-")}`;
}

/** The marker of an arm as path data around 0, 0. @param area in square pixels */
export function markerOf(arm: string, area = 40): string {
    return symbol(styleOf(arm).symbol, area).digits(2)() ?? "";
}
