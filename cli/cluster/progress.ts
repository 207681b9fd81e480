import type { Progress } from "../../model/progress.ts";
import { formatSize } from "../../model/sizes.ts";
import { formatElapsed } from "../../sandbox/say.ts";

/**
 * What a run is measuring now, for a live line.
 * @returns the line, e.g. `measuring, 1m12s left: network/cluster-ip 64 KiB (trial 2 of 9)`, and the share of all cells that
 * are measured; undefined between two trials. The time is a minimum: repeated trials and additional rounds are added when
 * they are known.
 */
export function progressLine(progress: Progress): { line: string; share: number } | undefined {
    const { phase, arm, mode, trial, trials, cell, cells, injecting } = progress;
    const left = formatElapsed(Math.max(0, progress.remainingSeconds) * 1000);
    if (phase === "injecting" && injecting !== undefined)
        return { line: `injecting, ${left} left: ${injectionsLine(injecting)}`, share: cell / cells };
    if (phase !== "measuring") return { line: "reading the results", share: 1 };
    if (arm === undefined) return undefined;
    const size = progress.size === undefined ? "warm-up" : formatSize(progress.size);
    const what = mode === undefined || mode === "closed-loop" ? size : `${size} ${mode}`;
    return { line: `measuring, ${left} left: ${arm} ${what} (trial ${trial + 1} of ${trials})`, share: cell / cells };
}

/** e.g. `oom in hurt-net-1; 3 of 48 done; messages: 1,200 on-time, 31 failed; last outage 2.1 s (oom, network)` */
function injectionsLine({
    current,
    done,
    planned,
    outcomes,
    last,
    atOnce,
}: NonNullable<Progress["injecting"]>): string {
    const counts = Object.entries(outcomes).map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`);
    const known = [
        `${done} of ${planned} done`,
        ...(atOnce === undefined ? [] : [`at most ${atOnce} at once, since the machine is busy`]),
        ...(counts.length === 0 ? [] : [`messages: ${counts.join(", ")}`]),
        ...(last === undefined
            ? []
            : [`last outage ${last.outageSeconds.toFixed(1)} s (${last.scenario}, ${last.topology})`]),
    ];
    return `${current.join(", ")}; ${known.join("; ")}`;
}
