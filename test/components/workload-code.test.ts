import assert from "node:assert/strict";
import { workloadBundle } from "../../components/bundle.ts";
import { labelsOf } from "../../components/measured-pod.ts";
import { codeConfigMap, codeProblem, WorkloadCode } from "../../components/workload-code.ts";
import { textsOf } from "../support/texts.ts";
import { childrenOf, resolved, seen, settled, startRecording, theOne } from "./mocks.ts";

const asText = textsOf("components/workload-code");

describe("WorkloadCode", () => {
    beforeEach(() => startRecording());

    it("is one immutable ConfigMap, below the component, with every file of every role", async () => {
        const code = new WorkloadCode("code", { namespace: "bench" });
        const name = await resolved(code.configMapName);
        await settled();
        assert.deepEqual(
            seen.map(({ type }) => type),
            ["hopcost:index:WorkloadCode", "kubernetes:core/v1:ConfigMap"],
        );
        assert.deepEqual(childrenOf("WorkloadCode::code"), ["code-files"]);
        const { inputs } = theOne("ConfigMap", "code-files");
        assert.deepEqual(inputs.metadata, { name, namespace: "bench", labels: labelsOf("code", "code") });
        assert.equal(inputs.immutable, true);
        const files = Object.entries<string>(inputs.binaryData).map(([file, text]) => [
            file,
            Buffer.from(text, "base64"),
        ]);
        assert.deepEqual(Object.fromEntries(files), workloadBundle().files);
    });

    it("has a name that changes with any byte of any file", () => {
        const names = [
            { a: Buffer.from("1"), b: Buffer.from("2") },
            { a: Buffer.from("1"), b: Buffer.from("3") },
            { a: Buffer.from("1"), c: Buffer.from("2") },
        ].map((files) => codeConfigMap("code", "bench", { files, codeHash: "" }).metadata.name);
        assert.equal(new Set(names).size, 3);
        for (const name of names) assert.match(name, /^code-[0-9a-f]{12}$/);
    });

    it("refuses code too large for a ConfigMap, with its size and the remedy", () => {
        const bundle = (bytes: number) => ({ files: { a: Buffer.alloc(bytes - 1), b: Buffer.alloc(1) }, codeHash: "" });
        assert.equal(codeProblem(bundle(900 * 1024)), undefined);
        const problem = codeProblem(bundle(900 * 1024 + 1)) ?? "";
        assert.match(problem, /code takes 901 KiB,.* 900 KiB.*; .* in workloads$/);
        asText("too much code", problem);
    });
});
