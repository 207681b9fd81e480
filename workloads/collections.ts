import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";

/** Collects the garbage collections that V8 reports until `stop`. */
export function observeCollections() {
    const entries: PerformanceEntry[] = [];
    const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
    observer.observe({ entryTypes: ["gc"] });
    return {
        stop: () => {
            entries.push(...observer.takeRecords());
            observer.disconnect();
        },
        /** Number and total time of those that began between two times of `monotonicClock`. */
        between: async (fromNs: number, toNs: number) => {
            await turn();
            const inside = entries.filter(({ startTime }) => startTime >= fromNs / 1e6 && startTime <= toNs / 1e6);
            return { count: inside.length, seconds: inside.reduce((sum, { duration }) => sum + duration, 0) / 1e3 };
        },
    };
}
