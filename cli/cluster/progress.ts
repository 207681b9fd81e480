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
    const { phase, arm, mode, trial, trials, cell, cells } = progress;
    if (phase !== "measuring") return { line: "reading the results", share: 1 };
    if (arm === undefined) return undefined;
    const size = progress.size === undefined ? "warm-up" : formatSize(progress.size);
    const what = mode === undefined || mode === "closed-loop" ? size : `${size} ${mode}`;
    const left = formatElapsed(Math.max(0, progress.remainingSeconds) * 1000);
    return { line: `measuring, ${left} left: ${arm} ${what} (trial ${trial + 1} of ${trials})`, share: cell / cells };
}
