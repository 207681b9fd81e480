import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import type { Outcome } from "../../../cli/checks/check.ts";
import { unclean } from "../../../cli/checks/probe.ts";
import { probeJob, probeProgress, probeScript, waitedOutcome } from "../../../cli/checks/probe-pod.ts";
import { withoutInotify } from "../../support/inotify.ts";
import { configWith, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/probe-pod");

const config = configWith({
    "hopcost:image": "mine/node:24",
    "hopcost:volumeMedium": "Disk",
    "hopcost:volumeSize": "96Mi",
});
const podWith = (status: V1PodStatus, nodeName = "a"): V1Pod => ({ spec: { nodeName, containers: [] }, status });
const inState = (state: NonNullable<V1PodStatus["containerStatuses"]>[number]["state"]) =>
    podWith({ containerStatuses: [{ state: state ?? {} } as NonNullable<V1PodStatus["containerStatuses"]>[number]] });
const ended = (message: string, exitCode = 0) => inState({ terminated: { exitCode, message, reason: "Error" } });
const say = (node: string, events: boolean) => JSON.stringify({ node, events });

const podOf = (...args: Parameters<typeof probeJob>) => probeJob(...args).spec?.template.spec;

describe("probeJob", () => {
    it("has the image, the resources and the volume of a measured container", () => {
        const [container] = podOf(config)?.containers ?? [];
        assert.equal(container?.image, "mine/node:24");
        assert.deepEqual(container?.resources, {
            requests: { cpu: "250m", memory: "512Mi" },
            limits: { memory: "512Mi" },
        });
        assert.deepEqual(podOf(config)?.volumes, [{ name: "shared-main", emptyDir: { sizeLimit: "96Mi" } }]);
        assert.deepEqual(podOf(configWith())?.volumes, [
            { name: "shared-main", emptyDir: { sizeLimit: "128Mi", medium: "Memory" } },
        ]);
    });

    it("is tried once, and has the settings of every Pod", () => {
        const values = {
            "hopcost:nodeSelector": "pool=bench",
            "hopcost:tolerations": "dedicated",
            "hopcost:userIds": "cluster",
        };
        assert.equal(probeJob(config).spec?.backoffLimit, 0);
        const pod = podOf(configWith(values), ["image-pull"]);
        assert.deepEqual(pod?.nodeSelector, { pool: "bench", "kubernetes.io/os": "linux" });
        assert.deepEqual(pod?.tolerations, [{ key: "dedicated", operator: "Exists" }]);
        assert.deepEqual(pod?.imagePullSecrets, [{ name: "image-pull" }]);
        assert.equal(pod?.securityContext?.runAsUser, undefined);
    });
});

describe("probeScript", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-probe-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const run = (...flags: string[]) => {
        const result = join(folder, "result.json");
        execFileSync(process.execPath, [...flags, "-e", probeScript(folder, result)]);
        return JSON.parse(readFileSync(result, "utf8"));
    };

    it("reports that an event came", () => {
        assert.deepEqual(run(), { node: process.version, events: true });
    });

    it("reports that no event came", () => {
        const silence = join(folder, "silence.cjs");
        writeFileSync(silence, 'require("node:fs").watch = () => {};');
        assert.deepEqual(run("--require", silence), { node: process.version, events: false });
    });

    for (const [limit, code] of [
        ["max_inotify_instances", "EMFILE"],
        ["max_inotify_watches", "ENOSPC"],
    ] as const) {
        it(`reports that nothing can be watched with ${limit} at its limit`, () => {
            const result = join(folder, "result.json");
            withoutInotify(limit, [process.execPath, "-e", probeScript(folder, result)]);
            const answer = { node: process.version, events: false, refused: code };
            assert.deepEqual(JSON.parse(readFileSync(result, "utf8")), answer);
        });
    }
});

describe("probeProgress says of a Pod that", () => {
    const cases = {
        "gets file events: accepts it": [ended(say("v24.21.0", true)), "ok"],
        "gets no file events: warns that volume arms will end": [ended(say("v24.21.0", false)), "warning"],
        "can watch nothing: which limit to raise": [
            ended(JSON.stringify({ node: "v24.21.0", events: false, refused: "EMFILE" })),
            "failure",
        ],
        "has an old Node: which is needed": [ended(say("v22.1.0", true)), "failure"],
        "ended with an error: what it said": [ended("exec: node: not found\n", 127), "failure"],
        "ended and said nothing: that": [ended(""), "failure"],
        "gets no image: why": [inState({ waiting: { reason: "ErrImagePull", message: "not found" } }), "failure"],
        "was evicted: why": [podWith({ phase: "Failed", reason: "Evicted", message: "disk pressure" }), "failure"],
        "starts: to wait": [
            inState({ waiting: { reason: "ContainerCreating" } }),
            { waiting: "ContainerCreating on node a" },
        ],
        "runs: to wait": [podWith({ phase: "Running" }), { waiting: "Running on node a" }],
        "is not placed: to wait": [
            podWith(
                { conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }] },
                "",
            ),
            { waiting: "not scheduled: 0/1 nodes are available" },
        ],
    } as const;
    for (const [name, [pod, expected]] of Object.entries(cases)) {
        it(name, () => {
            const progress = probeProgress(config, pod);
            if (typeof expected === "string") asOutcome(name, progress as Outcome, expected);
            else assert.deepEqual(progress, expected);
        });
    }
});

describe("waitedOutcome", () => {
    it("takes a Pod that is not placed for a failure, and one that still starts for slow", () => {
        asOutcome(
            "waitedOutcome: takes a Pod that is not placed for a failure, and one that still starts for slow",
            waitedOutcome(config, "not scheduled: 0/1 nodes are available", 7),
            "failure",
        );
        asOutcome(
            "waitedOutcome: takes a Pod that is not placed for a failure, and one that still starts for slow (2)",
            waitedOutcome(config, "ContainerCreating on node a", 7),
            "warning",
        );
    });
});

describe("unclean", () => {
    const [remains, command] = ["its namespace x may still be there (HTTP 500)", "kubectl delete namespace x"];

    it("makes a warning of a probe that went well", () => {
        asOutcome(
            "unclean: makes a warning of a probe that went well",
            unclean({ state: "ok", detail: "it ran" }, remains, command),
            "warning",
        );
    });

    it("adds to what is to be done of one that did not", () => {
        asOutcome(
            "unclean: adds to what is to be done of one that did not",
            unclean({ state: "failure", detail: "it failed", remedy: "mend it" }, remains, command),
            "failure",
        );
    });
});
