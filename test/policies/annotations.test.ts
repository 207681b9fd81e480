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
    it("are errors beside the stack's file if a policy is mandatory, without its description", () => {
        assert.equal(
            annotation(violation, "Pulumi.dev,1.yaml"),
            '::error file=Pulumi.dev%2C1.yaml,title=policy cluster-ip-services::Service "web": is of type NodePort; 100%25 wrong',
        );
    });

    it("are warnings if the policy is not mandatory, with the whole message if it has no finding", () => {
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
            "fails with 5 if a mandatory policy is violated",
            [{ policyEvent: violation }, { summaryEvent: { ...summaryEvent, result: "failed" } }],
            { exitCode: 5 },
        ],
        [
            "fails with 1 if the preview failed otherwise",
            [{ policyEvent: advice }, { summaryEvent: { ...summaryEvent, result: "failed" } }],
            { exitCode: 1, reason: "the preview failed, though no policy did; look at what the preview printed" },
        ],
        [
            "fails with 1 if the preview did not finish",
            [],
            { exitCode: 1, reason: "the preview did not finish; look at what the preview printed" },
        ],
        [
            "fails with 1 if no pack ran",
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

    it("reads the engine's log, prints the annotations, and exits with the verdict's code", () => {
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

    it("exits 1 with the reason if the log is incomplete", () => {
        const log = join(folder, "cut.jsonl");
        writeFileSync(log, "");
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual(
            [status, stdout, stderr],
            [1, "", `annotate: ${log}: the preview did not finish; look at what the preview printed\n`],
        );
    });

    it("exits 1 and names the log if the file does not exist", () => {
        const log = join(folder, "none.jsonl");
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual(
            [status, stdout, stderr],
            [1, "", `annotate: ${log}: the file does not exist; look at what the preview printed\n`],
        );
    });

    it("ignores an incomplete last line", () => {
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

    it("exits 2 without a log argument, and shows the usage", () => {
        const { status, stderr } = annotate();
        assert.deepEqual(
            [status, stderr],
            [2, "annotate: name the log: node policies/annotate.ts events.jsonl [Pulumi.STACK.yaml]\n"],
        );
    });
});
