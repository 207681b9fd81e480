import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { annotation, type EngineEvent, findingOf, verdictOf } from "../../policies/annotations.ts";

const violation = {
    resourceUrn: "urn:pulumi:dev::shop::kubernetes:core/v1:Service::web",
    message: 'Services are of type ClusterIP.\nService "web": is of type NodePort; 100% wrong\n',
    policyName: "cluster-ip-services",
    enforcementLevel: "mandatory",
};
const advice = { ...violation, message: "can't run policy during preview", enforcementLevel: "advisory" };
const summaryEvent = { result: "succeeded", PolicyPacks: { "hopcost|local|policies": "0.1.0" } };

describe("annotations", () => {
    it("are errors beside the stack's file where a policy is mandatory, without its description", () => {
        assert.equal(
            annotation(violation, "Pulumi.dev,1.yaml"),
            '::error file=Pulumi.dev%2C1.yaml,title=policy cluster-ip-services::Service "web": is of type NodePort; 100%25 wrong',
        );
    });

    it("are warnings where it is not, with what is there", () => {
        assert.equal(
            annotation(advice, "Pulumi.yaml"),
            "::warning file=Pulumi.yaml,title=policy cluster-ip-services::can't run policy during preview",
        );
        assert.equal(findingOf(advice), "can't run policy during preview");
    });
});

describe("the verdict on a preview", () => {
    const cases: [string, EngineEvent[], ReturnType<typeof verdictOf>][] = [
        ["passes", [{ policyEvent: advice }, { summaryEvent }], { exitCode: 0 }],
        [
            "fails with 5",
            [{ policyEvent: violation }, { summaryEvent: { ...summaryEvent, result: "failed" } }],
            { exitCode: 5 },
        ],
        [
            "fails where the preview failed otherwise",
            [{ policyEvent: advice }, { summaryEvent: { ...summaryEvent, result: "failed" } }],
            { exitCode: 1, reason: "the preview failed, though no policy did; look at what the preview printed" },
        ],
        [
            "fails where the preview did not end",
            [],
            { exitCode: 1, reason: "the preview did not finish; look at what the preview printed" },
        ],
        [
            "fails where no pack ran",
            [{ summaryEvent: { result: "succeeded", PolicyPacks: {} } }],
            { exitCode: 1, reason: "the preview ran no policy pack; call it with --policy-pack" },
        ],
    ];
    for (const [title, events, expected] of cases) {
        it(title, () => assert.deepEqual(verdictOf(events), expected));
    }
});

describe("node policies/annotate.ts", () => {
    const script = fileURLToPath(new URL("../../policies/annotate.ts", import.meta.url));
    const annotate = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    const folder = mkdtempSync(join(tmpdir(), "hopcost-annotate-"));
    after(() => rmSync(folder, { recursive: true }));

    it("reads the engine's log, prints the annotations, and ends with the verdict", () => {
        const log = join(folder, "events.jsonl");
        const events = [{ policyEvent: advice }, { preludeEvent: {} }, { policyEvent: violation }, { summaryEvent }];
        writeFileSync(log, `${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
        const { status, stdout, stderr } = annotate(log, "Pulumi.dev.yaml");
        assert.deepEqual(stdout.trim().split("\n"), [
            annotation(advice, "Pulumi.dev.yaml"),
            annotation(violation, "Pulumi.dev.yaml"),
        ]);
        assert.deepEqual([status, stderr], [5, ""]);
    });

    it("says why a log without an end is no success", () => {
        const log = join(folder, "cut.jsonl");
        writeFileSync(log, "");
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual(
            [status, stdout, stderr],
            [1, "", `annotate: ${log}: the preview did not finish; look at what the preview printed\n`],
        );
    });

    it("says that there is no log where the preview wrote none", () => {
        const log = join(folder, "none.jsonl");
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual(
            [status, stdout, stderr],
            [1, "", `annotate: ${log}: the file does not exist; look at what the preview printed\n`],
        );
    });

    it("takes a line that was cut off for no event", () => {
        const log = join(folder, "halved.jsonl");
        writeFileSync(log, `${JSON.stringify({ policyEvent: advice })}\n{"summaryEvent":{"resu`);
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual(
            [status, stdout, stderr],
            [
                1,
                `${annotation(advice, "Pulumi.yaml")}\n`,
                `annotate: ${log}: the preview did not finish; look at what the preview printed\n`,
            ],
        );
    });

    it("asks for a log", () => {
        const { status, stderr } = annotate();
        assert.deepEqual(
            [status, stderr],
            [2, "annotate: name the log: node policies/annotate.ts events.jsonl [Pulumi.STACK.yaml]\n"],
        );
    });
});
