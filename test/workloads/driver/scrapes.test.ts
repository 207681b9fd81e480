import assert from "node:assert/strict";
import fc from "fast-check";
import { metricNames } from "../../../model/metric-names.ts";
import { isUnavailable } from "../../../model/reading.ts";
import type { Scraped } from "../../../model/trial.ts";
import { seededRandom } from "../../../statistics/random.ts";
import { type Series, scrapedNames, scrapedOver, type Window } from "../../../workloads/driver/scrapes.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("workloads/driver/scrapes");

const cadvisor = "container_cpu_usage_seconds_total";
const window: Window = { startSeconds: 1000, endSeconds: 1010 };
const everySecond = (from: number, to: number) =>
    Array.from({ length: Math.floor(to - from) + 1 }, (_, index) => from + index);
const seriesOf = (name: string, times: readonly number[], valueAt: (seconds: number) => number | string): Series => ({
    metric: { __name__: name, pod: "net-sender-1", container: "sender" },
    values: times.map((seconds) => [seconds, String(valueAt(seconds))]),
});
/** All series of a container that uses 0.5 of everything per second, scraped at these times. */
const steady = (times: readonly number[]) =>
    scrapedNames.map((name) => seriesOf(name, times, (seconds) => 7 + 0.5 * (seconds - 990)));
const replaced = (series: Series) => [
    ...steady(everySecond(998.3, 1012)).filter(({ metric }) => metric.__name__ !== series.metric.__name__),
    series,
];
const figures = (series: readonly Series[], over = window): Scraped => {
    const scraped = scrapedOver(over, series);
    assert.ok(!("unavailable" in scraped), JSON.stringify(scraped));
    return scraped;
};

describe("the scrapes of a trial", () => {
    it("give the increase of counters over the whole trial, and the largest memory; scrapes outside of it are ignored", () => {
        const times = everySecond(995.25, 1015);
        const series = scrapedNames.map((name, index) => seriesOf(name, times, (at) => 7 + index * (at - 990)));
        assert.deepEqual(scrapedNames, [
            "hopcost_container_cpu_seconds_total",
            "hopcost_container_cpu_throttled_seconds_total",
            "hopcost_container_memory_bytes",
            "hopcost_container_block_read_bytes_total",
            "hopcost_container_block_write_bytes_total",
            "hopcost_pod_network_receive_bytes_total",
            "hopcost_pod_network_send_bytes_total",
            "container_cpu_usage_seconds_total",
        ]);
        assert.deepEqual(figures(series), {
            scrapes: 10,
            seconds: 9,
            cpuSeconds: 0, // idle, not restarted
            throttledSeconds: 10,
            memoryPeakBytes: 7 + 2 * 19.25,
            blockReadBytes: 30,
            blockWriteBytes: 40,
            networkReceiveBytes: 50,
            networkSendBytes: 60,
            cadvisorCpuSeconds: 70,
        });
    });

    it("measure a steady consumer within 1%, whenever it is scraped", () => {
        const length = fc.double({ min: 6, max: 120, noNaN: true });
        const rate = fc.double({ min: 1e-3, max: 64, noNaN: true });
        const phase = fc.double({ min: 0, max: 1, noNaN: true });
        const jitter = fc.infiniteStream(fc.double({ min: 0, max: 0.005, noNaN: true })); // between timestamp and reading
        fc.assert(
            fc.property(length, rate, phase, jitter, (seconds, perSecond, start, late) => {
                const times = everySecond(999 + start, 1002 + seconds);
                const cpu = seriesOf(metricNames.cpuSeconds, times, (at) => perSecond * (at + late.next().value - 900));
                const { cpuSeconds } = figures([cpu], { startSeconds: 1000, endSeconds: 1000 + seconds });
                assert.ok(Math.abs(Number(cpuSeconds) / (perSecond * seconds) - 1) < 0.01, `${cpuSeconds}`);
            }),
        );
    });

    it("measure the CPU time of successive cells within 10%, in trials of 10 s and more", () => {
        const random = seededRandom(1);
        const between = (low: number, high: number) => low + (high - low) * random();
        const deviations = Array.from({ length: 2000 }, () => {
            // Fresh processes, then the trial: 2 s of warm-up, and cells with pauses between them; idle before and
            // after it.
            const cells = Array.from({ length: Math.floor(between(16, 40)) }, () => [
                0.06,
                0.2,
                0.45,
                between(0.3, 1.3),
            ]);
            const work = [5, 0.01, 0.4, between(0.8, 1.3), 2, between(0.5, 1), ...cells.flat(), 60, 0.005];
            const used = (at: number) => {
                let [left, sum] = [at - 1000, 0];
                for (let index = 0; index < work.length; index += 2) {
                    const [seconds = 0, cores = 0] = work.slice(index, index + 2);
                    sum += cores * Math.max(0, Math.min(seconds, left));
                    left -= seconds;
                }
                return sum;
            };
            const trial = { startSeconds: 1005.4, endSeconds: 1007.4 + 0.51 * cells.length };
            const times = everySecond(1000 + random(), trial.endSeconds + 2);
            const { cpuSeconds } = figures([seriesOf(metricNames.cpuSeconds, times, used)], trial);
            return Math.abs(Number(cpuSeconds) / (used(trial.endSeconds) - used(trial.startSeconds)) - 1);
        }).sort((one, other) => one - other);
        assert.ok((deviations.at(-1) as number) < 0.1, `${deviations.at(-1)}`);
        assert.ok((deviations[1000] as number) < 0.02, `${deviations[1000]}`);
    });

    for (const [what, times, reason] of [
        ["no scrapes", [], "0 scrapes over 0.0 s"],
        ["two scrapes, though they cover the trial", [1000.5, 1009.5], "2 scrapes over 9.0 s"],
        ["scrapes of less than half of the trial", everySecond(1000, 1004.9), "5 scrapes over 4.0 s"],
        ["scrapes before the trial only", everySecond(980, 999), "0 scrapes over 0.0 s"],
    ] as const) {
        it(`are unavailable, with the reason, for ${what}`, () => {
            const found = scrapedOver(window, steady(times));
            assert.ok(isUnavailable(found) && found.unavailable.startsWith(reason), JSON.stringify(found));
            assert.match(found.unavailable, / 10\.0 s .*at least 3 over half /);
            asText(what, found.unavailable);
        });
    }

    it("are enough if three cover half of the trial", () => {
        assert.equal(figures(steady([1001, 1003, 1006])).cpuSeconds, 5);
    });

    for (const [what, series, reason] of [
        [
            "a restart in between",
            [seriesOf(metricNames.cpuSeconds, everySecond(1000, 1010), (at) => (at < 1006 ? at : at - 1006))],
            "hopcost_container_cpu_seconds_total decreased: ",
        ],
        [
            "two series, of a container before and after a restart",
            Array(2).fill(seriesOf(metricNames.cpuSeconds, everySecond(1000, 1010), (at) => at)),
            "hopcost_container_cpu_seconds_total: 2 series in the trial, expected one",
        ],
        ["no series", [], "Prometheus has no hopcost_container_cpu_seconds_total "],
        [
            "a value that isn't a number",
            [seriesOf(metricNames.cpuSeconds, everySecond(1000, 1010), (at) => (at === 1007 ? "NaN" : at))],
            'hopcost_container_cpu_seconds_total: "NaN" is ',
        ],
        [
            "a figure for only a part of the trial",
            [seriesOf(metricNames.cpuSeconds, everySecond(1006, 1010), (at) => at)],
            "hopcost_container_cpu_seconds_total: 5 scrapes over 4.0 s of a 10.0 s trial; at least 3 over half ",
        ],
    ] as [string, Series[], string][]) {
        it(`make only one figure unavailable with ${what}`, () => {
            const others = steady(everySecond(1000, 1010)).filter(
                ({ metric }) => metric.__name__ !== metricNames.cpuSeconds,
            );
            const { cpuSeconds, networkSendBytes } = figures([...others, ...series]);
            assert.ok(isUnavailable(cpuSeconds) && cpuSeconds.unavailable.startsWith(reason), `${cpuSeconds}`);
            assert.equal(networkSendBytes, 5);
            asText(what, cpuSeconds.unavailable);
        });
    }

    it("need only two samples of cAdvisor, which reads a container about every 10 s", () => {
        const by = (...times: number[]) =>
            figures(replaced(seriesOf(cadvisor, times, (at) => 0.5 * at))).cadvisorCpuSeconds;
        assert.equal(by(990, 1001, 1009), 5);
        assert.match(
            JSON.stringify(by(999, 1005, 1011)),
            /"container_cpu_usage_seconds_total: 1 scrapes over 0\.0 s of a 10\.0 s trial; at least 2 over a third /,
        );
    });

    it("are unavailable with cAdvisor's samples only", () => {
        const alone = [seriesOf(cadvisor, everySecond(1000, 1010), (at) => at)];
        assert.match(JSON.stringify(scrapedOver(window, alone)), /^\{"unavailable":"0 scrapes/);
    });
});
