import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Bundle, bundleAll, bundleRole, codeHash, type EntryPoints, shortHash } from "../../components/bundle.ts";
import { roles } from "../../model/roles.ts";

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
            fork(new URL("./trial.mjs", import.meta.url));`,
        "one/trial.ts": `import { shared } from "../shared.ts"; console.log("forked", shared);`,
        "two/server.ts": `import { shared } from "../shared.ts"; console.log("two", shared);`,
    };
    const entries: EntryPoints = {
        one: { server: "one/server.ts", trial: "one/trial.ts" },
        two: { server: "two/server.ts" },
    };
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
            const { files } = bundleAll(entries, folder).one as Bundle;
            for (const [name, contents] of Object.entries(files)) writeFileSync(join(mounted, name), contents);
            const output = execFileSync(process.execPath, [join(mounted, "server.mjs")], {
                cwd: "/",
                encoding: "utf8",
            });
            assert.equal(output, "hello from Linux shared by both\nforked shared by both\n");
        } finally {
            rmSync(mounted, { recursive: true });
        }
    });

    it("gives each role only the files it imports", () => {
        const { one, two } = bundleAll(entries, folder) as { one: Bundle; two: Bundle };
        assert.match(codeOf(one), /hello from/);
        assert.doesNotMatch(codeOf(two), /hello from|forked/);
        assert.match(codeOf(two), /shared by both/);
        assert.ok("server.mjs" in two.files && !("trial.mjs" in two.files));
    });

    it("is the same from another folder, and contains no path", () => {
        const elsewhere = mkdtempSync(join(tmpdir(), "other-"));
        try {
            cpSync(folder, elsewhere, { recursive: true });
            assert.deepEqual(bundleAll(entries, elsewhere), bundleAll(entries, folder));
            assert.ok(!codeOf(bundleAll(entries, folder).one as Bundle).includes(tmpdir()));
        } finally {
            rmSync(elsewhere, { recursive: true });
        }
    });

    it("has a different hash if its code changes, and the same if only another role's does", () => {
        const before = bundleAll(entries, folder);
        writeFileSync(join(folder, "one/trial.ts"), `console.log("changed")`);
        const after = bundleAll(entries, folder);
        write(folder);
        assert.notEqual(after.one?.codeHash, before.one?.codeHash);
        assert.equal(after.two?.codeHash, before.two?.codeHash);
    });

    it("reports which import is missing", () => {
        writeFileSync(join(folder, "two/server.ts"), `import "./nowhere.ts";`);
        assert.throws(
            () => bundleAll(entries, folder),
            /two\/server\.ts:1:7: ERROR: Could not resolve "\.\/nowhere\.ts"/,
        );
        write(folder);
    });
});

describe("the bundles of the roles", function () {
    this.timeout(10_000);

    it("have the agent API's entry points, fit in a ConfigMap and contain no path of this machine", () => {
        for (const role of roles) {
            const bundle = bundleRole(role);
            const entries = Object.keys(bundle.files).filter((name) => name.endsWith(".mjs"));
            assert.deepEqual(entries, role === "driver" ? ["driver.mjs"] : ["server.mjs", "trial.mjs"]);
            const bytes = Object.values(bundle.files).reduce((sum, contents) => sum + contents.length, 0);
            assert.ok(bytes < 900 * 1024, `${role}: ${bytes}`);
            assert.ok(!codeOf(bundle).includes(process.cwd()), role);
        }
    });

    it("are built once, and their common hash is 12 hex digits", () => {
        assert.equal(bundleRole("sender"), bundleRole("sender"));
        assert.match(codeHash(), /^[0-9a-f]{12}$/);
    });
});

describe("shortHash", () => {
    it("keeps parts apart", () => {
        assert.notEqual(shortHash(["ab", "c"]), shortHash(["a", "bc"]));
        assert.equal(shortHash(["ab", "c"]), shortHash(["ab", Buffer.from("c")]));
    });
});
