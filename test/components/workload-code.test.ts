import assert from "node:assert/strict";
import { bundleRole } from "../../components/bundle.ts";
import { labelsOf } from "../../components/measured-pod.ts";
import { codeConfigMap, codeProblem, WorkloadCode } from "../../components/workload-code.ts";
import type { Role } from "../../model/roles.ts";
import { textsOf } from "../support/texts.ts";
import { childrenOf, resolved, seen, settled, startRecording, theOne } from "./mocks.ts";

const asText = textsOf("components/workload-code");

describe("WorkloadCode", () => {
    beforeEach(() => startRecording());

    it("is one immutable ConfigMap, below the component, with every file of the role", async () => {
        const code = new WorkloadCode("code", { namespace: "bench", role: "reader" });
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
        assert.deepEqual(Object.fromEntries(files), bundleRole("reader").files);
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
        assert.equal(codeProblem("driver", bundle(900 * 1024)), undefined);
        const problem = codeProblem("driver", bundle(900 * 1024 + 1)) ?? "";
        assert.match(problem, /driver takes 901 KiB,.* 900 KiB.*; .*workloads\/driver$/);
        asText("too much code", problem);
    });

    it("refuses an unknown role before anything is registered", async () => {
        assert.throws(() => new WorkloadCode("bad", { namespace: "bench", role: "observer" as Role }), {
            message: 'WorkloadCode "bad": role must be one of sender, receiver, writer, reader, driver, got "observer"',
        });
        new WorkloadCode("next", { namespace: "bench", role: "reader" });
        await settled();
        assert.deepEqual(
            seen.map(({ name }) => name),
            ["next", "next-files"],
        );
    });
});
