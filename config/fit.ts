import type { BenchmarkPlan } from "../components/benchmark-plan.ts";
import { parseMemory } from "../components/quantity.ts";
import { familyOf, isMain, specOf } from "../model/arms.ts";
import { armsOf, cellsOf } from "../model/plan.ts";
import { formatSize } from "../model/sizes.ts";
import { mostBytes } from "../model/volume-room.ts";
import type { ConfigValues } from "./values.ts";

const mib = 1024 ** 2;
/** What the agent and the measured process of a container take without a payload, with some room. */
const processBytes = 192 * mib;
/** How often a container holds the payloads in flight: the buffer, and copies on their way and until they are collected. */
const copies = 5;
/** What is left free on a volume: a quarter of what its files take, and at least so many bytes, for folders and the like. */
const spare = (files: number) => Math.max(files / 4, 4 * mib);

/** What is checked. */
type Fitted = Pick<BenchmarkPlan, "cells" | "concurrency" | "volumeMedium">;

/** What an arm has in flight at most: its largest payload, and in throughput cells one in each lane. */
interface InFlight {
    arm: string;
    largest: number;
    lanes: number;
    /** Largest payload of throughput cells; 0 where there are none. */
    laneSize: number;
    /** In memory: each lane has a buffer, the first one for the largest payload. */
    bytes: number;
    /** Of files, if it writes any: it deletes used ones before there is more. */
    files: number;
}

/**
 * Notes what the payloads need and don't have: memory of each container (files on tmpfs count as the writer's), and room on
 * each shared volume.
 */
export function refuseWhatDoesNotFit(config: ConfigValues, plan: Fitted, memory: string, volumeSize: string): void {
    const all = armsOf(plan).map((arm) => inFlightOf(arm, plan));
    const writers = all.filter(({ arm }) => familyOf(arm) === "volume");
    const onTmpfs = plan.volumeMedium === "Memory" ? writers.filter(({ arm }) => specOf(arm).volume === "main") : [];

    const largest = most(all, ({ bytes }) => bytes);
    if (largest !== undefined) {
        const files = Math.max(0, ...onTmpfs.map(({ files }) => files));
        refuseBelow(config, "hopcost:memory", memory, largest, processBytes + copies * largest.bytes + files);
    }
    const fullest = most(writers, ({ files }) => files);
    if (fullest !== undefined) {
        refuseBelow(config, "hopcost:volumeSize", volumeSize, fullest, fullest.files + spare(fullest.files));
    }
}

/** The one with the largest figure; the first of those that have the same. */
function most(all: readonly InFlight[], figure: (one: InFlight) => number): InFlight | undefined {
    return all.toSorted((one, other) => figure(other) - figure(one))[0];
}

function inFlightOf(arm: string, plan: Fitted): InFlight {
    const cells = cellsOf(plan, arm);
    const largest = Math.max(...cells.flatMap(({ sizes }) => sizes));
    const throughput = cells.find(({ mode }) => mode === "throughput");
    const lanes = throughput ? plan.concurrency : 1;
    const laneSize = Math.max(0, ...(throughput?.sizes ?? []));
    const bytes = largest + (lanes - 1) * laneSize;
    return { arm, largest, lanes, laneSize, bytes, files: mostBytes(largest, lanes, laneSize) };
}

/** Notes that a quantity is below the bytes that are needed; one that is none was noted already. */
function refuseBelow(
    config: ConfigValues,
    key: string,
    text: string,
    { arm, largest, lanes, laneSize }: InFlight,
    bytes: number,
): void {
    if ((parseMemory(text) ?? Number.POSITIVE_INFINITY) >= bytes) return;
    const others = lanes > 1 ? `, and ${lanes} of ${formatSize(laneSize)} at once,` : "";
    const sizes = isMain(arm) ? "hopcost:sizes" : "hopcost:ablationSizes";
    const remedy = `leave the largest ${sizes} out${lanes > 1 ? ", or lower hopcost:concurrency" : ""}`;
    const needed = `payloads of ${formatSize(largest)}${others} need at least ${Math.ceil(bytes / mib)}Mi`;
    config.refuse(key, text, `${needed}; set that, or ${remedy}`);
}
