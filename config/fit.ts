import type { BenchmarkPlan } from "../components/benchmark-plan.ts";
import { parseMemory } from "../components/quantity.ts";
import { familyOf, isMain, specOf } from "../model/arms.ts";
import { armsOf, cellsOf } from "../model/plan.ts";
import { formatAbout, formatSize } from "../model/sizes.ts";
import { mostBytes } from "../model/volume-room.ts";
import type { ConfigValues } from "./values.ts";

const mib = 1024 ** 2;
/** Memory of a container's agent and measured process without a payload, with some margin. */
const processBytes = 192 * mib;
/** Copies of the payloads in flight in a container: the buffer, copies in transit and copies not yet collected. */
const copies = 5;
/** Bytes kept free on a volume, for folders and the like: a quarter of its files, at least 4 MiB. */
const spare = (files: number) => Math.max(files / 4, 4 * mib);

/** What a ConfigMap holds, less its names and labels. */
const resultsLimit = mib - 16 * 1024;
/**
 * Bytes of the results for each size of an arm: its cell, ratio and comparison, or its cell in another mode. Measured at full
 * results (1,230 and 360), with some margin.
 */
const cellBytes = { "closed-loop": 1500, other: 500 } as const;

/** The part of a plan that is checked. */
type Fitted = Pick<BenchmarkPlan, "cells" | "concurrency" | "volumeMedium">;

/** The most an arm has in flight: its largest payload, and in throughput cells one in each lane. */
interface InFlight {
    arm: string;
    largest: number;
    lanes: number;
    /** Largest payload of throughput cells; 0 if there are none. */
    laneSize: number;
    /** Bytes in memory: each lane has a buffer, the first one for the largest payload. */
    bytes: number;
    /** Bytes in files, if it writes any; used ones are deleted before they exceed this. */
    files: number;
}

/**
 * Refuses settings that are too small for the payloads: memory of each container (files on tmpfs count as the writer's)
 * and size of each shared volume.
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

/** Refuses a plan whose results would not fit into the ConfigMap that carries them. */
export function refuseLongResults(config: ConfigValues, { cells }: Pick<BenchmarkPlan, "cells">): void {
    const bytes = cells.reduce(
        (sum, { mode, sizes }) => sum + sizes.length * cellBytes[mode === "closed-loop" ? mode : "other"],
        0,
    );
    if (bytes <= resultsLimit) return;
    const count = cells.reduce((sum, { sizes }) => sum + sizes.length, 0);
    config.refuse(
        "hopcost:sizes",
        undefined,
        `${count} cells give results of about ${formatAbout(bytes)}, more than a ConfigMap holds (1 MiB); leave out some hopcost:sizes, hopcost:ablationSizes or hopcost:arms`,
    );
}

/** The one with the largest figure; the first of equal ones. */
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

/** Refuses a quantity below the bytes needed; an invalid quantity was refused before. */
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
