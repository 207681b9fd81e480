import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { unclean } from "../../../cli/checks/probe.ts";
import { probePod, probeProgress, probeScript, waitedOutcome } from "../../../cli/checks/probe-pod.ts";
import { configWith } from "./fixtures.ts";

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

describe("probePod", () => {
    it("has the image, the resources and the volume of a measured container", () => {
        const [container] = probePod(config).spec?.containers ?? [];
        assert.equal(container?.image, "mine/node:24");
        assert.deepEqual(container?.resources, {
            requests: { cpu: "250m", memory: "512Mi" },
            limits: { memory: "512Mi" },
        });
        assert.deepEqual(probePod(config).spec?.volumes, [{ name: "shared-main", emptyDir: { sizeLimit: "96Mi" } }]);
        assert.deepEqual(probePod(configWith()).spec?.volumes, [
            { name: "shared-main", emptyDir: { sizeLimit: "128Mi", medium: "Memory" } },
        ]);
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

    it("tells that an event came", () => {
        assert.deepEqual(run(), { node: process.version, events: true });
    });

    it("tells that none came, where the kernel is silent", () => {
        const silence = join(folder, "silence.cjs");
        writeFileSync(silence, 'require("node:fs").watch = () => {};');
        assert.deepEqual(run("--require", silence), { node: process.version, events: false });
    });
});

describe("probeProgress says of a Pod that", () => {
    const cases = {
        "is told of files: all is well": [
            ended(say("v24.21.0", true)),
            {
                state: "ok",
                detail: "it ran on node a (Node v24.21.0), and files on the shared volume (Disk) are told of",
            },
        ],
        "is told of none: volume arms will end": [
            ended(say("v24.21.0", false)),
            {
                state: "warning",
                detail: "Nothing tells of a file that is renamed on the shared volume (Disk) on node a within 1000 ms: volume arms end with too many misses, for their files are found only by looking into the folder",
                remedy: "set hopcost:volumeMedium to the other one, or use nodes with another runtime class (runc reports changes)",
            },
        ],
        "has an old Node: which is needed": [
            ended(say("v22.1.0", true)),
            {
                state: "failure",
                detail: "mine/node:24 has Node v22.1.0, and the workloads need 24 or newer",
                remedy: "set hopcost:image to an image with that, e.g. the default one",
            },
        ],
        "ended with an error: what it said": [
            ended("exec: node: not found\n", 127),
            {
                state: "failure",
                detail: "The probe Pod on node a ended with exit code 127 (Error): exec: node: not found",
                remedy: "set hopcost:image to an image with Node 24 or newer, e.g. the default one",
            },
        ],
        "ended and said nothing: that": [
            ended(""),
            {
                state: "failure",
                detail: "The probe Pod on node a ended with exit code 0 (Error): no message",
                remedy: "set hopcost:image to an image with Node 24 or newer, e.g. the default one",
            },
        ],
        "gets no image: why": [
            inState({ waiting: { reason: "ErrImagePull", message: "not found" } }),
            {
                state: "failure",
                detail: "The probe Pod can't run mine/node:24 on node a: ErrImagePull: not found",
                remedy: "set hopcost:image to one that the nodes can pull, or see to what the message says",
            },
        ],
        "was evicted: why": [
            podWith({ phase: "Failed", reason: "Evicted", message: "disk pressure" }),
            {
                state: "failure",
                detail: "The probe Pod on node a failed: Evicted: disk pressure",
                remedy: "see to that node",
            },
        ],
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
        it(name, () => assert.deepEqual(probeProgress(config, pod), expected));
    }
});

describe("waitedOutcome", () => {
    it("takes a Pod that is not placed for a failure, and one that still starts for slow", () => {
        assert.deepEqual(waitedOutcome(config, "not scheduled: 0/1 nodes are available", 7), {
            state: "failure",
            detail: "The probe Pod did not come to its end within 7 s (not scheduled: 0/1 nodes are available)",
            remedy: "see to what the scheduler says",
        });
        assert.deepEqual(waitedOutcome(config, "ContainerCreating on node a", 7), {
            state: "warning",
            detail: "The probe Pod did not come to its end within 7 s (ContainerCreating on node a)",
            remedy: "a node may still pull mine/node:24: start hopcost doctor again",
        });
    });
});

describe("unclean", () => {
    const [remains, command] = ["its namespace x may still be there (HTTP 500)", "kubectl delete namespace x"];

    it("makes a warning of a probe that went well", () => {
        assert.deepEqual(unclean({ state: "ok", detail: "it ran" }, remains, command), {
            state: "warning",
            detail: `it ran; ${remains}`,
            remedy: `delete it with: ${command}`,
        });
    });

    it("adds to what is to be done of one that did not", () => {
        assert.deepEqual(unclean({ state: "failure", detail: "it failed", remedy: "mend it" }, remains, command), {
            state: "failure",
            detail: `it failed; ${remains}`,
            remedy: `mend it, and delete it with: ${command}`,
        });
    });
});
