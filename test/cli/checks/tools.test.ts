import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import {
    installedVersion,
    nodeOnPath,
    nodeOutcome,
    providerOutcome,
    pulumiOutcome,
} from "../../../cli/checks/tools.ts";
import { providerVersion } from "../../../sandbox/toolchain/go-builds.ts";

describe("nodeOutcome", () => {
    it("takes what the package asks for, on the PATH as well", () => {
        for (const onPath of ["v22.18.0", "v22.19.1", "v24.21.0"]) {
            const detail = `v24.21.0 runs the command, ${onPath} is on the PATH for plain pulumi`;
            assert.deepEqual(nodeOutcome("v24.21.0", onPath, true), { state: "ok", detail });
        }
    });

    it("refuses an older one that runs the command", () => {
        assert.deepEqual(nodeOutcome("v22.17.9", "v24.21.0", false), {
            state: "failure",
            detail: "Node v22.17.9 runs the command, and the program needs 22.18 or newer",
            remedy: "start hopcost by cli/hopcost.mjs, or put a newer Node first on the PATH",
        });
    });

    it("warns of an older one, or none, that plain pulumi would find, where there is such a pulumi", () => {
        for (const [onPath, plain] of [
            ["v20.20.2", "Node v20.20.2 is"],
            [undefined, "there is no Node"],
        ] as const) {
            const detail = `v24.21.0 runs the command; ${plain} on the PATH, and plain pulumi would need 22.18 or newer`;
            assert.deepEqual(nodeOutcome("v24.21.0", onPath, false), { state: "ok", detail });
            const remedy = "put Node 22.18 or newer on the PATH, or use hopcost run";
            assert.deepEqual(nodeOutcome("v24.21.0", onPath, true), { state: "warning", detail, remedy });
        }
    });
});

describe("nodeOnPath", () => {
    it("does not see the Node that runs the command", async () => {
        assert.equal(await nodeOnPath(dirname(process.execPath)), undefined);
    });

    it("does not see it through a link either, as npx and a linked node_modules make them", async () => {
        const folder = mkdtempSync(join(tmpdir(), "hopcost-tools-"));
        try {
            mkdirSync(join(folder, ".bin"));
            symlinkSync(process.execPath, join(folder, ".bin", "node"));
            symlinkSync(dirname(process.execPath), join(folder, "linked"));
            const path = [join(folder, ".bin"), join(folder, "linked"), join(folder, "none")].join(delimiter);
            assert.equal(await nodeOnPath(path), undefined);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

describe("pulumiOutcome", () => {
    it("tells where the one comes from that is used", () => {
        for (const [source, where] of [
            ["path", "on the PATH"],
            ["official", "in the cache, downloaded"],
            ["built", "in the cache, built"],
        ] as const) {
            assert.deepEqual(pulumiOutcome({ command: "/x/bin/pulumi", version: "3.259.0", source }), {
                state: "ok",
                detail: `3.259.0 (${where}: /x/bin/pulumi)`,
            });
        }
    });

    it("says how long the first run takes for it", () => {
        assert.deepEqual(pulumiOutcome(undefined), {
            state: "warning",
            detail: "There is no Pulumi: the first run downloads 3.259.0, or builds it where that can't be (about 3 minutes)",
            remedy: "nothing to do, or install it: https://www.pulumi.com/docs/install/",
        });
    });
});

describe("providerOutcome", () => {
    it("takes a plugin of the version of the npm package that is installed", () => {
        const sdk = installedVersion("@pulumi/kubernetes");
        assert.deepEqual(providerOutcome(true, sdk), { state: "ok", detail: `${providerVersion}, as the npm package` });
    });

    it("says how long the first run takes for it", () => {
        assert.deepEqual(providerOutcome(false, providerVersion), {
            state: "warning",
            detail: "There is no plugin: the first run downloads 4.25.0, or builds it where that can't be (about 5 minutes)",
            remedy: "nothing to do, or: pulumi plugin install resource kubernetes 4.25.0",
        });
    });

    it("refuses an npm package of another version", () => {
        assert.deepEqual(providerOutcome(true, "4.24.0"), {
            state: "failure",
            detail: "The npm package @pulumi/kubernetes is 4.24.0, and its plugin is 4.25.0: they must be the same",
            remedy: "install what the lock file says: npm ci",
        });
    });
});
