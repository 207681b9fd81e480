import { mainArms } from "../../model/arms.ts";
import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Cell, Results, RoundTripUsage } from "../../model/results.ts";
import { formatAbout, formatSize } from "../../model/sizes.ts";
import { type MainContainer, mainContainers, usedBy } from "../findings/main-containers.ts";
import { formatSeconds } from "../words/units.ts";
import type { Grid, Row } from "./grid.ts";

/**
 * What a round trip of each main arm costs besides time: CPU time of each container and of both, and the peak memory of
 * each container, one line per size. An unavailable figure is `-`, with the reason below.
 * @returns empty if neither main arm was measured
 */
export function costTables({ cells }: Pick<Results, "cells">): Grid[] {
    const main = cells.filter(({ arm }) => mainContainers.some((container) => container.arm === arm));
    if (main.length === 0) return [];
    const sizes = [...new Set(main.map(({ size }) => size))].sort((one, other) => one - other);
    const cellAt = (arm: string, size: number) => main.find((cell) => cell.arm === arm && cell.size === size);
    const cpuOf = (arm: string, size: number) => {
        const cell = cellAt(arm, size);
        if (cell === undefined) return ["-", "-", "-"];
        const ends = mainContainers.filter((container) => container.arm === arm);
        const readings = [...ends.map((end) => usedBy(cell, end, "cpuSeconds")), cell.cpuSecondsPerRoundTrip];
        return readings.map((reading) => shown(reading, formatSeconds));
    };
    const memoryOf = (container: MainContainer, size: number) => {
        const cell = cellAt(container.arm, size);
        return cell === undefined ? "-" : shown(usedBy(cell, container, "memoryPeakBytes"), formatAbout);
    };
    const arms = Object.values(mainArms);
    return [
        {
            caption: "CPU time per round trip",
            groups: [{ title: "", columns: 1 }, ...arms.map((title) => ({ title, columns: 3 }))],
            head: ["size", "sender", "receiver", "both", "writer", "reader", "both"],
            rows: [
                ...sizes.map((size) => [formatSize(size), ...arms.flatMap((arm) => cpuOf(arm, size))]),
                ...reasonsOf(main, "cpuSeconds"),
            ],
            left: [0],
        },
        {
            caption: "Peak memory since the container started",
            groups: [{ title: "", columns: 1 }, ...arms.map((title) => ({ title, columns: 2 }))],
            head: ["size", ...mainContainers.map(({ role }) => role)],
            rows: [
                ...sizes.map((size) => [formatSize(size), ...mainContainers.map((end) => memoryOf(end, size))]),
                ...reasonsOf(main, "memoryPeakBytes"),
            ],
            left: [0],
        },
    ];
}

/** Each reason once for each container. */
function reasonsOf(cells: readonly Cell[], figure: keyof RoundTripUsage): Row[] {
    const reasons = mainContainers.flatMap((container) =>
        cells
            .filter(({ arm }) => arm === container.arm)
            .map((cell) => usedBy(cell, container, figure))
            .filter(isUnavailable)
            .map(({ unavailable }) => `${container.arm} ${container.role}: unavailable: ${unavailable}`),
    );
    return [...new Set(reasons)];
}

function shown(reading: Reading<number>, format: (value: number) => string): string {
    return isUnavailable(reading) ? "-" : format(reading);
}
