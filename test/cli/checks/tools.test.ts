import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { nodeOnPath, nodeOutcome, providerOutcome, pulumiOutcome } from "../../../cli/checks/tools.ts";
import { providerVersion } from "../../../sandbox/toolchain/go-builds.ts";
import { providerWanted } from "../../../sandbox/toolchain/pulumi-provider.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/tools");

describe("nodeOutcome", () => {
    it("takes what the package asks for, on the PATH as well", () => {
        for (const onPath of ["v22.18.0", "v22.19.1", "v24.21.0"]) {
            asOutcome(`Node ${onPath} on the PATH`, nodeOutcome("v24.21.0", onPath, true), "ok");
        }
    });

    it("refuses an older one that runs the command", () => {
        asOutcome(
            "nodeOutcome: refuses an older one that runs the command",
            nodeOutcome("v22.17.9", "v24.21.0", false),
            "failure",
        );
    });

    it("warns of an old or missing Node on the PATH only if pulumi is on the PATH", () => {
        for (const onPath of ["v20.20.2", undefined]) {
            asOutcome(`Node ${onPath} on the PATH, no pulumi`, nodeOutcome("v24.21.0", onPath, false), "ok");
            asOutcome(`Node ${onPath} on the PATH for pulumi`, nodeOutcome("v24.21.0", onPath, true), "warning");
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
    it("shows where the Pulumi in use comes from", () => {
        for (const source of ["path", "official", "built"] as const) {
            const found = { command: "/x/bin/pulumi", version: "3.259.0", source };
            asOutcome(`Pulumi whose source is ${source}`, pulumiOutcome(found), "ok");
        }
    });

    it("names an old one on the PATH, and what is used instead", () => {
        const unfit = { command: "/usr/bin/pulumi", version: "3.100.0" };
        const found = { command: "/x/bin/pulumi", version: "3.259.0", source: "built" } as const;
        asOutcome("an old Pulumi on the PATH", pulumiOutcome(found, unfit), "warning");
        asOutcome("an old Pulumi on the PATH, and no other", pulumiOutcome(undefined, unfit), "warning");
    });

    it("says how long the first run takes for it", () => {
        asOutcome("pulumiOutcome: says how long the first run takes for it", pulumiOutcome(undefined), "warning");
    });
});

describe("providerOutcome", () => {
    it("takes a plugin of the version of the npm package that is installed", () => {
        asOutcome(
            "providerOutcome: takes a plugin of the version of the npm package that is installed",
            providerOutcome(true, providerWanted()),
            "ok",
        );
    });

    it("says how long the first run takes for it", () => {
        asOutcome(
            "providerOutcome: says how long the first run takes for it",
            providerOutcome(false, providerVersion),
            "warning",
        );
    });

    it("builds only the version that is pinned", () => {
        asOutcome(
            "providerOutcome: builds only the version that is pinned",
            providerOutcome(false, "4.99.0"),
            "warning",
        );
    });
});
