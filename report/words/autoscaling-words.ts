import { durationWithInterval } from "./durations.ts";

/** A median over injections with its interval. */
interface Figure<Value> {
    median: Value;
    interval?: readonly [Value, Value];
}

/** What an autoscaler did over some injections; see `ElasticityCell`. */
interface Autoscaling {
    needed: Figure<number>;
    mostReady: Figure<number>;
    firstPod: Figure<number | null>;
    scaledDown?: Figure<number | null>;
    watchedSeconds: number;
    calmSeconds: number;
}

/** `needed 3, up to 4 ready; first new Pod 31 s [28 to 35], scaled down 95 s [91 to 99] after the load`. */
export function autoscalingText(cell: Autoscaling): string {
    const { needed, mostReady, firstPod, scaledDown, watchedSeconds, calmSeconds } = cell;
    const times = [
        `first new Pod ${durationWithInterval(firstPod, watchedSeconds)}`,
        ...(scaledDown === undefined
            ? []
            : [`scaled down ${durationWithInterval(scaledDown, calmSeconds)} after the load`]),
    ];
    return `needed ${countText(needed)}, up to ${countText(mostReady)} ready; ${times.join(", ")}`;
}

function countText({ median, interval }: Figure<number>): string {
    const isSingle = interval === undefined || interval.every((end) => end === median);
    return isSingle ? `${median}` : `${median} [${interval.join(" to ")}]`;
}
