import { mainArms } from "../../model/arms.ts";
import type { Reading } from "../../model/reading.ts";
import type { Cell, RoundTripUsage } from "../../model/results.ts";
import { endsOf, type MeasuredRole } from "../../model/roles.ts";

/** A container of a main arm. */
export interface MainContainer {
    arm: string;
    end: "initiator" | "responder";
    role: MeasuredRole;
}

/** The containers of both main arms. */
export const mainContainers: readonly MainContainer[] = [
    { arm: mainArms.network, end: "initiator", role: endsOf.network.initiator },
    { arm: mainArms.network, end: "responder", role: endsOf.network.responder },
    { arm: mainArms.volume, end: "initiator", role: endsOf.volume.initiator },
    { arm: mainArms.volume, end: "responder", role: endsOf.volume.responder },
];

/** A figure of one container in one cell; unavailable if the results don't hold it. */
export function usedBy(cell: Cell, { end }: MainContainer, figure: keyof RoundTripUsage): Reading<number> {
    return cell.usage?.[end][figure] ?? { unavailable: "left out of the stack output to limit its size" };
}
