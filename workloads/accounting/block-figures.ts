import type { Reading } from "../../model/reading.ts";
import type { Counters } from "../../model/trial.ts";
import { isCount, type KernelText, shortened } from "./figure.ts";

/** What was written to and read from block devices. */
export type BlockFigures = Pick<Counters, "blockReadBytes" | "blockWriteBytes" | "blockReads" | "blockWrites">;

/**
 * Sums io.stat over all devices. An empty file means 0: a device gets its line with its first I/O.
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html "IO Interface Files"
 */
export function blockFiguresV2(stat: KernelText): BlockFigures {
    return {
        blockReadBytes: sumOfKeys(stat, "rbytes"),
        blockWriteBytes: sumOfKeys(stat, "wbytes"),
        blockReads: sumOfKeys(stat, "rios"),
        blockWrites: sumOfKeys(stat, "wios"),
    };
}

/** Sums io_service_bytes and io_serviced over all devices. @see sumOfDevices for what isn't 0 */
export function blockFiguresV1(bytes: KernelText, operations: KernelText): BlockFigures {
    return {
        blockReadBytes: sumOfDevices(bytes, "Read"),
        blockWriteBytes: sumOfDevices(bytes, "Write"),
        blockReads: sumOfDevices(operations, "Read"),
        blockWrites: sumOfDevices(operations, "Write"),
    };
}

/** Lines `8:0 rbytes=1 wbytes=2 ...`; some kernels put devices without figures on the line of the next one. */
function sumOfKeys({ path, text }: KernelText, key: string): Reading<number> {
    if (typeof text !== "string") return text;
    let sum = 0;
    for (const word of text.split(/\s+/)) {
        if (/^(\d+:\d+)?$/.test(word)) continue;
        const [name, value = ""] = word.split("=");
        if (!word.includes("=") || (name === key && !isCount(value))) {
            return { unavailable: `${path}: "${shortened(word)}" is not a figure of a device` };
        }
        if (name === key) sum += Number(value);
    }
    return sum;
}

/**
 * Lines `8:0 Read 1`, then one `Total 1`. No device at all doesn't mean 0: kernels since 6.10 count here only if a
 * throttle rule is set (which sets up blk-throttle), and report `Total 0` after a megabyte of direct I/O (seen on
 * 6.18).
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html "Throttling/Upper limit policy files"
 */
function sumOfDevices({ path, text }: KernelText, direction: "Read" | "Write"): Reading<number> {
    if (typeof text !== "string") return text;
    const lines = text.split("\n").filter((line) => / (Read|Write) /.test(line));
    const own = lines.filter((line) => line.includes(` ${direction} `));
    if (own.length === 0)
        return { unavailable: `${path}: no device is listed; kernels since 6.10 count here only with a throttle rule` };
    let sum = 0;
    for (const line of own) {
        const count = /^\d+:\d+ \w+ (\S+)$/.exec(line)?.[1];
        if (count === undefined || !isCount(count))
            return { unavailable: `${path}: "${shortened(line)}" is not a figure of a device` };
        sum += Number(count);
    }
    return sum;
}
