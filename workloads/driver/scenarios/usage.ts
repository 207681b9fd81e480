import type { DensityStep } from "../../../model/density.ts";
import { combined, type Reading, sum } from "../../../model/reading.ts";
import { rounded } from "../../../statistics/rounding.ts";
import type { MachineUsage, Usage } from "../../scenario/api.ts";

const nobody = "there is no container";
/** A machine that is busier than this has no room: what else it does gives way to the pairs. */
const mostBusy = 0.95;

/**
 * What containers and their machines used from one reading to the next.
 * @param before of each container
 * @param after of the same ones, in the same order
 * @param seconds between the readings
 */
export function usedBetween(
    before: readonly Usage[],
    after: readonly Usage[],
    seconds: number,
): Pick<DensityStep, "cpuCores" | "memoryBytes" | "otherCores" | "machines"> {
    const cpuCores = combined(
        after.map((now, index) => grownBy(before[index]?.cpuSeconds, now.cpuSeconds)),
        (all) => rounded(sum(all) / seconds),
        nobody,
    );
    const machines = combined(
        [...before, ...after].map(({ machine }) => machine),
        (all) => [...Map.groupBy(all, ({ id }) => id).values()],
        nobody,
    );
    const busyCores = "unavailable" in machines ? machines : combined(machines.map(busyOf), sum, nobody);
    return {
        cpuCores,
        memoryBytes: combined(
            after.map(({ memoryBytes }) => memoryBytes),
            sum,
            nobody,
        ),
        otherCores: combined([busyCores, cpuCores], ([busy = 0, own = 0]) => rounded(Math.max(0, busy - own)), nobody),
        machines: "unavailable" in machines ? 0 : machines.length,
    };
}

/** A counter starts anew with its container. */
function grownBy(before: Reading<number> | undefined, after: Reading<number>): Reading<number> {
    if (typeof before !== "number") return before ?? { unavailable: nobody };
    if (typeof after !== "number") return after;
    return after < before ? { unavailable: "a container was restarted meanwhile" } : after - before;
}

/** Cores that were busy between the first and the last reading of a machine. */
function busyOf(readings: readonly MachineUsage[]): Reading<number> {
    const grown = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
    const all = grown(readings.map(({ allTicks }) => allTicks));
    if (all === 0) return { unavailable: "/proc/stat did not change" };
    const share = grown(readings.map(({ busyTicks }) => busyTicks)) / all;
    if (share > mostBusy) return { unavailable: "a machine was busy all the time, so all else gave way to the pairs" };
    return (readings[0]?.processors ?? 0) * share;
}
