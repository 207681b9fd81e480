import assert from "node:assert/strict";
import { parseDuration, parseQuantity } from "../../../model/quantity.ts";
import { isUnavailable } from "../../../model/reading.ts";
import { KubeClient } from "../../../workloads/driver/kube-client.ts";
import { apiMetricsOver, type PodMetrics, readPodMetrics } from "../../../workloads/driver/metrics-api.ts";
import { textsOf } from "../../support/texts.ts";
import { FakeApiServer } from "../support/fake-api-server.ts";

const asText = textsOf("workloads/driver/metrics-api");
/** Whether an error quotes a text. */
const quoting = (text: string) => (error: Error) => error.message.startsWith(`"${text}" is `);

const at = (time: string) => Date.parse(time) / 1000;
const container = { pod: "net-sender-1", container: "sender" };
/** An answer of metrics-server 0.8. */
const metrics: PodMetrics = {
    metadata: { name: "net-sender-1", labels: { "app.kubernetes.io/part-of": "hopcost" } },
    timestamp: "2026-11-21T13:40:30Z",
    window: "15.063s",
    containers: [{ name: "sender", usage: { cpu: "1234567890n", memory: "61440Ki" } }],
};
const over = (start: string, end: string, changes: Partial<PodMetrics> = {}) =>
    apiMetricsOver({ startSeconds: at(start), endSeconds: at(end) }, container, [{ ...metrics, ...changes }]);
const trial = ["2026-11-21T13:40:14Z", "2026-11-21T13:40:31Z"] as const;

describe("the metrics API", () => {
    let api: FakeApiServer;
    let kube: KubeClient;
    before(async () => {
        api = new FakeApiServer();
        kube = new KubeClient(await api.start(), "test", "/nowhere", new AbortController().signal);
    });
    after(async () => {
        await kube.close();
        await api.stop();
    });
    beforeEach(() => {
        api.fault = undefined;
        api.podMetrics = () => [metrics];
        api.requests.length = 0;
    });

    it("gives the figures of a container over a window within the trial", () => {
        assert.deepEqual(over(...trial), { windowSeconds: 15.063, cpuCores: 1.23457, memoryBytes: 62_914_560 });
    });

    for (const [what, start, end, reason] of [
        ["begins before the trial", "2026-11-21T13:40:15Z", trial[1], "from second -0.1 to 15.0 of a 16.0 s trial"],
        [
            "might end after it, because the API truncates seconds",
            trial[0],
            "2026-11-21T13:40:30.9Z",
            "from second 0.9 to 16.0 of a 16.9 s trial",
        ],
    ] as const) {
        it(`gives nothing of a window that ${what}`, () => {
            const found = over(start, end);
            assert.ok(isUnavailable(found) && found.unavailable.includes(reason), JSON.stringify(found));
            asText(`a window that ${what}`, found.unavailable);
        });
    }

    for (const [what, changes, reason] of [
        [
            "another Pod",
            { metadata: { name: "vol-1" } },
            "the metrics API has no figures of container sender in Pod net-sender-1",
        ],
        [
            "another container",
            { containers: [] },
            "the metrics API has no figures of container sender in Pod net-sender-1",
        ],
        ["a bad time", { timestamp: "soon" }, `the metrics API's figures of Pod net-sender-1: "soon" is not a time`],
        ["no window", { window: "" }, /^the metrics API's figures of Pod net-sender-1: "" is /],
        [
            "a bad quantity",
            { containers: [{ name: "sender", usage: { cpu: "1x", memory: "1" } }] },
            /^the metrics API's figures of Pod net-sender-1: "1x" is /,
        ],
    ] as [string, Partial<PodMetrics>, string | RegExp][]) {
        it(`says why it has no figures with ${what}`, () => {
            const found = over(...trial, changes);
            assert.ok(isUnavailable(found), JSON.stringify(found));
            if (typeof reason === "string") assert.equal(found.unavailable, reason);
            else assert.match(found.unavailable, reason);
        });
    }

    it("is asked once, only for the Pods of the experiment", async () => {
        const foreign = { ...metrics, metadata: { name: "other" } };
        api.podMetrics = () => [foreign, metrics];
        assert.deepEqual(await readPodMetrics(kube), [metrics]);
        assert.deepEqual(api.requests, ["GET pods.metrics.k8s.io"]);
    });

    it("is missing in a cluster without metrics-server, which the error names", async () => {
        api.podMetrics = undefined;
        await assert.rejects(readPodMetrics(kube), ({ message }: Error) => {
            assert.match(message, /metrics\.k8s\.io\/v1beta1.*metrics-server/);
            asText("no metrics API", message);
            return true;
        });
    });

    for (const [status, remedy] of [
        [403, "; the driver's Role must grant it (see driverRules)"],
        [503, ""],
        [429, ""],
    ] as const) {
        it(`is not asked again if it answers ${status}`, async () => {
            let asked = 0;
            api.fault = () => {
                asked += 1;
                return status;
            };
            await assert.rejects(readPodMetrics(kube), {
                message: `Kubernetes API, GET /apis/metrics.k8s.io/v1beta1/namespaces/test/pods: ${status} made to fail by the test${remedy}`,
            });
            assert.equal(asked, 1);
        });
    }
});

describe("a quantity of Kubernetes", () => {
    for (const [text, value] of [
        ["0", 0],
        ["2", 2],
        ["0.5", 0.5],
        ["250m", 0.25],
        ["1500u", 0.0015],
        ["1500000000n", 1.5],
        ["1e3", 1000],
        ["12E6", 12e6],
        ["3E", 3e18],
        ["61440Ki", 62_914_560],
        ["1.5Gi", 1_610_612_736],
        ["129M", 129e6],
    ] as const) {
        it(`${text} is ${value}`, () => assert.equal(parseQuantity(text), value));
    }
    for (const text of ["", "m", "-1", "1 Gi", "1KiB", "1x", "constructor", "1constructor", "NaN"]) {
        it(`is not "${text}"`, () => assert.throws(() => parseQuantity(text), quoting(text)));
    }
});

describe("a duration of Go", () => {
    for (const [text, seconds] of [
        ["15s", 15],
        ["15.063s", 15.063],
        ["1m2.5s", 62.5],
        ["1h0m0s", 3600],
        ["500ms", 0.5],
        ["0s", 0],
    ] as const) {
        it(`${text} is ${seconds} s`, () => assert.equal(parseDuration(text), seconds));
    }
    for (const text of ["", "15", "s", "1d", "-1s", "1m 2s"]) {
        it(`is not "${text}"`, () => assert.throws(() => parseDuration(text), quoting(text)));
    }
});
