import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Bundle, bundleOf, codeHash, shortHash, workloadBundle } from "../../components/bundle.ts";
import { codeProblem } from "../../components/workload-code.ts";

const codeOf = (bundle: Bundle) =>
    Object.entries(bundle.files)
        .filter(([name]) => name.endsWith(".br"))
        .map(([, contents]) => brotliDecompressSync(contents).toString())
        .join("\n");

describe("a bundle of entry points", function () {
    this.timeout(10_000);
    let folder = "";
    const sources = {
        "node_modules/legacy/index.js": `const os = require("node:os"); exports.greeting = "hello from " + os.type();`,
        "node_modules/legacy/package.json": `{ "name": "legacy", "version": "1.0.0" }`,
        "shared.ts": `export const shared: string = "shared by both";`,
        "one/server.ts": `
            import { fork } from "node:child_process";
            import legacy from "legacy";
            import { shared } from "../shared.ts";
            console.log(legacy.greeting, shared);
            fork(new URL("./one.trial.mjs", import.meta.url));`,
        "one/trial.ts": `import { shared } from "../shared.ts"; console.log("forked", shared);`,
        "two/server.ts": `import { shared } from "../shared.ts"; console.log("two", shared);`,
    };
    const entries = { "one.server": "one/server.ts", "one.trial": "one/trial.ts", "two.server": "two/server.ts" };
    const write = (root: string) => {
        for (const [path, text] of Object.entries(sources)) {
            mkdirSync(join(root, path, ".."), { recursive: true });
            writeFileSync(join(root, path), text);
        }
    };

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-bundle-"));
        write(folder);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("runs in its own folder with plain Node: CommonJS dependencies, shared code, a sibling to fork", () => {
        const mounted = mkdtempSync(join(tmpdir(), "hopcost-mounted-"));
        try {
            const { files } = bundleOf(entries, folder);
            for (const [name, contents] of Object.entries(files)) writeFileSync(join(mounted, name), contents);
            const output = execFileSync(process.execPath, [join(mounted, "one.server.mjs")], {
                cwd: "/",
                encoding: "utf8",
            });
            assert.equal(output, "hello from Linux shared by both\nforked shared by both\n");
        } finally {
            rmSync(mounted, { recursive: true });
        }
    });

    it("has a file to start for each entry point, and shared code once", () => {
        const bundle = bundleOf(entries, folder);
        const started = Object.keys(bundle.files).filter((name) => name.endsWith(".mjs"));
        assert.deepEqual(started, ["one.server.mjs", "one.trial.mjs", "two.server.mjs"]);
        assert.equal(codeOf(bundle).split("shared by both").length, 2);
    });

    it("is the same from another folder, and contains no path", () => {
        const elsewhere = mkdtempSync(join(tmpdir(), "other-"));
        try {
            cpSync(folder, elsewhere, { recursive: true });
            assert.deepEqual(bundleOf(entries, elsewhere), bundleOf(entries, folder));
            assert.ok(!codeOf(bundleOf(entries, folder)).includes(tmpdir()));
        } finally {
            rmSync(elsewhere, { recursive: true });
        }
    });

    it("has a different hash if its code changes", () => {
        const before = bundleOf(entries, folder);
        writeFileSync(join(folder, "one/trial.ts"), `console.log("changed")`);
        const after = bundleOf(entries, folder);
        write(folder);
        assert.notEqual(after.codeHash, before.codeHash);
        assert.equal(bundleOf(entries, folder).codeHash, before.codeHash);
    });

    it("reports which import is missing", () => {
        writeFileSync(join(folder, "two/server.ts"), `import "./nowhere.ts";`);
        assert.throws(
            () => bundleOf(entries, folder),
            /two\/server\.ts:1:7: ERROR: Could not resolve "\.\/nowhere\.ts"/,
        );
        write(folder);
    });
});

describe("the bundle of the workloads", function () {
    this.timeout(10_000);

    it("has every role's entry points, fits in a ConfigMap and contains no path of this machine", () => {
        const bundle = workloadBundle();
        const entries = Object.keys(bundle.files).filter((name) => name.endsWith(".mjs"));
        const measured = ["reader", "receiver", "sender", "writer"];
        assert.deepEqual(entries, [
            "driver.mjs",
            ...measured.flatMap((role) => [
                ...(["reader", "receiver"].includes(role) ? [`${role}.scenario.mjs`] : []),
                ...[`${role}.server.mjs`, `${role}.trial.mjs`],
            ]),
        ]);
        assert.equal(codeProblem(bundle), undefined);
        assert.ok(!codeOf(bundle).includes(process.cwd()));
    });

    it("is built once, and its hash is 12 hex digits", () => {
        assert.equal(workloadBundle(), workloadBundle());
        assert.match(codeHash(), /^[0-9a-f]{12}$/);
    });
});

describe("shortHash", () => {
    it("keeps parts apart", () => {
        assert.notEqual(shortHash(["ab", "c"]), shortHash(["a", "bc"]));
        assert.equal(shortHash(["ab", "c"]), shortHash(["ab", Buffer.from("c")]));
    });
});
