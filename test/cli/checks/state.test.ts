import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError as PulumiError } from "@pulumi/pulumi/automation/index.js";
import { advice } from "../../../cli/checks/check.ts";
import {
    isHolderAlive,
    type Lock,
    readOnlyOutcome,
    readStateFiles,
    stateOutcome,
    unansweredState,
    unreadError,
    unreadOutcome,
} from "../../../cli/checks/state.ts";
import { CommandError } from "../../../cli/terminal/exit.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/state");

const lock: Lock = { pid: 7, username: "me", hostname: "here", timestamp: "2026-11-24T11:00:00Z" };
const pulumi = (args: string) => `pulumi ${args} --stack test`;

describe("stateOutcome", () => {
    const outcome = (state: Parameters<typeof stateOutcome>[1], alive = false) =>
        stateOutcome("test", state, () => alive, pulumi);

    it("accepts an unlocked stack", () => {
        asOutcome("stateOutcome: accepts an unlocked stack", outcome({ locks: [], pending: [] }), "ok");
    });

    it("accepts a stack that doesn't exist yet", () => {
        asOutcome("stateOutcome: accepts a stack that doesn't exist yet", outcome(undefined), "ok");
    });

    it("refuses a lock whose process is gone, with the command to unlock it", () => {
        asOutcome(
            "stateOutcome: refuses a lock whose process is gone, with the command to unlock it",
            outcome({ locks: [lock], pending: ["creating Job run-job"] }),
            "failure",
        );
    });

    it("warns of a running run's lock", () => {
        asOutcome(
            "stateOutcome: warns of a running run's lock",
            outcome({ locks: [lock], pending: [] }, true),
            "warning",
        );
    });

    it("warns of pending operations, with the command to clear them", () => {
        asOutcome(
            "stateOutcome: warns of pending operations, with the command to clear them",
            outcome({ locks: [], pending: ["creating Job run-job", "deleting Service net"] }),
            "warning",
        );
    });

    it("asks to log in if the backend can't be read", () => {
        asOutcome(
            "stateOutcome: asks to log in if the backend can't be read",
            unreadOutcome("test", "error: no token"),
            "failure",
        );
    });
});

describe("readStateFiles", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-state-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const write = (path: string, content: unknown) => {
        const file = join(folder, ".pulumi", path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(content));
    };

    it("finds nothing where nothing was ever kept", () => {
        assert.deepEqual(readStateFiles(folder, "test"), { locks: [], pending: [] });
    });

    it("finds only this stack's locks and pending operations", () => {
        write("locks/organization/hopcost/test/1.json", lock);
        write("locks/organization/hopcost/test/1.json.attrs", {});
        write("locks/organization/hopcost/other/1.json", lock);
        const urn = "urn:pulumi:test::hopcost::kubernetes:batch/v1:Job::run-job";
        const pending_operations = [{ type: "creating", resource: { urn, type: "kubernetes:batch/v1:Job" } }];
        write("stacks/hopcost/test.json", { version: 3, checkpoint: { latest: { pending_operations } } });
        assert.deepEqual(readStateFiles(folder, "test"), { locks: [lock], pending: ["creating Job run-job"] });
        assert.deepEqual(readStateFiles(folder, "other"), { locks: [lock], pending: [] });
    });

    it("accepts a stack that has deployed nothing yet", () => {
        write("stacks/hopcost/test.json", { version: 3, checkpoint: {} });
        assert.deepEqual(readStateFiles(folder, "test"), { locks: [], pending: [] });
    });
});

describe("unreadError", () => {
    it("says what Pulumi did, once, and what to do", () => {
        const reason = "error: PULUMI_ACCESS_TOKEN must be set for login";
        const command = "Command failed with exit code 3: pulumi stack select";
        const said = new PulumiError(
            `code: -2\n stdout: \n stderr: ${command}\n${reason}\n err?: Error: ${command}\n${reason}\n`,
        );
        const told = unreadError("eks", said);
        assert.ok(told instanceof CommandError);
        assert.deepEqual([told.exitCode, told.message], [3, advice(unreadOutcome("eks", reason))]);
    });

    it("leaves what is not Pulumi's as it is", () => {
        const error = new TypeError("ours");
        assert.equal(unreadError("eks", error), error);
    });
});

describe("readOnlyOutcome", () => {
    it("finds nothing wrong where folders can be written, or made", () => {
        assert.equal(readOnlyOutcome({ home: tmpdir() }, join(tmpdir(), "hopcost-none", "below")), undefined);
    });

    it("names the folder that isn't writable", () => {
        asOutcome(
            "readOnlyOutcome: names the folder that isn't writable",
            readOnlyOutcome({ home: tmpdir() }, "/etc/passwd/results"),
            "failure",
        );
    });
});

describe("unansweredState", () => {
    it("says where to look: in the folder of the state, or at the backend", () => {
        const detail = "broken";
        assert.deepEqual(unansweredState({ state: "/home/me/state" }, detail), {
            ...{ state: "failure", detail },
            remedy: "check the files in /home/me/state, then start again",
        });
        assert.deepEqual(unansweredState({ state: undefined }, detail), {
            ...{ state: "failure", detail },
            remedy: "check that the backend of your stacks answers (pulumi whoami), then start again",
        });
    });
});

describe("isHolderAlive", () => {
    const held = (more: Partial<Lock>) => isHolderAlive({ ...lock, hostname: hostname(), ...more });

    it("knows a process of this machine that runs, and one that does not", () => {
        assert.equal(held({ pid: process.pid, timestamp: new Date().toISOString() }), true);
        assert.equal(held({ pid: 2 ** 22 + 1, timestamp: new Date().toISOString() }), false);
    });

    it("is not deceived by one that got the pid later", () => {
        const earlier = new Date(Date.now() - (process.uptime() + 60) * 1000);
        assert.equal(held({ pid: process.pid, timestamp: earlier.toISOString() }), false);
    });

    it("takes one of another machine for alive", () => {
        assert.equal(held({ hostname: "elsewhere", pid: 2 ** 22 + 1 }), true);
    });
});
