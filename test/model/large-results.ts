import { allArms, familyOf, isMain, specOf } from "../../model/arms.ts";
import type { Cell, Results } from "../../model/results.ts";
import { calm, cellsAt, everyModeAt, journalOf, planOf, resultsOf } from "./fixtures.ts";

/**
 * Larger results than anyone has: 13 arms at 385 sizes, 5,005 cells with all figures, a ratio, a phase
 * breakdown and comparisons at each size. Figures grow with the size as those of a small simulated run do.
 */
export function largeResults(): Results {
    const few = [64, 65_536];
    const measured = planOf({ arms: allArms, sizes: few, ablationSizes: few, ...everyModeAt(...few) });
    const small = resultsOf(measured, journalOf(measured, { ...calm, roundTrips: 1000 }));
    const sizes = Array.from({ length: 385 }, (_, index) => Math.round(64 * 2 ** (index / 21.34)));
    const like = <T extends { size: number; arm: Cell["arm"] }>(all: readonly T[], arm: Cell["arm"]): T =>
        all.find((one) => one.arm === arm && one.size === few[0]) ?? (all.find((one) => one.arm === arm) as T);
    const cells = allArms.flatMap((arm) => sizes.map((size) => grown(like(small.cells, arm), size)));
    const compared = allArms.filter((arm) => specOf(arm).reference !== undefined);
    const ratio = small.ratios[0] as Results["ratios"][number];
    return {
        ...small,
        plan: { ...small.plan, cells: cellsAt({ arms: allArms, sizes, ablationSizes: sizes, repeatSizes: sizes }) },
        cells,
        ratios: sizes.map((size) => ({ ...ratio, size })),
        comparisons: compared.flatMap((arm) => sizes.map((size) => ({ ...like(small.comparisons, arm), size }))),
        phases: allArms.filter(isMain).flatMap((arm) => sizes.map((size) => ({ ...like(small.phases, arm), size }))),
    };
}

/** The same cell at another size: all times are longer by the time for the additional bytes. */
function grown(cell: Cell, size: number): Cell {
    const factor = familyOf(cell.arm) === "floor" ? 1 : 1 + size / 100_000;
    const longer = Object.entries(cell).map(([name, value]) => {
        if (!name.endsWith("Seconds")) return [name, value];
        return [name, Array.isArray(value) ? value.map((end) => end * factor) : (value as number) * factor];
    });
    return { ...(Object.fromEntries(longer) as Cell), size };
}
