import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { annotation, type EngineEvent, findingOf, verdictOf } from "../../policies/annotations.ts";
import { textsOf } from "../support/texts.ts";

const asText = textsOf("policies/annotations");

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
    const failed = { summaryEvent: { ...summaryEvent, result: "failed" } };
    const cases: [title: string, events: EngineEvent[], exitCode: number, named?: RegExp][] = [
        ["passes", [{ policyEvent: advice }, { summaryEvent }], 0],
        ["fails with 5 if a mandatory policy is violated", [{ policyEvent: violation }, failed], 5],
        ["fails with 1 if the preview failed otherwise", [{ policyEvent: advice }, failed], 1, /preview/],
        ["fails with 1 if the preview did not finish", [], 1, /preview/],
        [
            "fails with 1 if no pack ran",
            [{ summaryEvent: { result: "succeeded", PolicyPacks: {} } }],
            1,
            /--policy-pack$/,
        ],
    ];
    for (const [title, events, expected, named] of cases) {
        it(title, () => {
            const { exitCode, reason } = verdictOf(events);
            assert.equal(exitCode, expected);
            if (named === undefined) return assert.equal(reason, undefined);
            assert.match(reason ?? "", named);
            asText(title, reason ?? "");
        });
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
        assert.deepEqual([status, stdout, stderr], [1, "", `annotate: ${log}: ${verdictOf([]).reason}\n`]);
    });

    it("exits 1 and names the log if the file does not exist", () => {
        const log = join(folder, "none.jsonl");
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual([status, stdout], [1, ""]);
        assert.ok(stderr.startsWith(`annotate: ${log}: `), stderr);
        asText("a missing log", stderr.replace(log, "LOG"));
    });

    it("ignores an incomplete last line", () => {
        const log = join(folder, "halved.jsonl");
        writeFileSync(log, `${JSON.stringify({ policyEvent: advice })}\n{"summaryEvent":{"resu`);
        const { status, stdout, stderr } = annotate(log);
        assert.deepEqual(
            [status, stdout, stderr],
            [1, `${annotation(advice, "Pulumi.yaml")}\n`, `annotate: ${log}: ${verdictOf([]).reason}\n`],
        );
    });

    it("exits 2 without a log argument, and shows the usage", () => {
        const { status, stderr } = annotate();
        assert.equal(status, 2);
        assert.match(stderr, /node policies\/annotate\.ts events\.jsonl \[Pulumi\.STACK\.yaml\]\n$/);
        asText("without a log", stderr);
    });
});
