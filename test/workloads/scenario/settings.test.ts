import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stateOf } from "../../../workloads/scenario/process-state.ts";
import { readServerSettings } from "../../../workloads/settings.ts";

describe("settings of a scenario's container", () => {
    it("are there only if it has a ledger", () => {
        assert.equal("scenario" in readServerSettings("reader", { HOPCOST_DRAIN: "true" }), false);
        assert.deepEqual(readServerSettings("reader", { HOPCOST_LEDGER: "/ledger" }).scenario, {
            ...{ ledger: "/ledger", schedule: "/hopcost-schedule/schedule.json", drain: false },
        });
        const env = { HOPCOST_LEDGER: "/l", HOPCOST_SCHEDULE: "/s", HOPCOST_DRAIN: "true" };
        assert.deepEqual(readServerSettings("sender", env).scenario, { ledger: "/l", schedule: "/s", drain: true });
    });

    it("name every bad variable", () => {
        const env = { HOPCOST_LEDGER: "ledger", HOPCOST_SCHEDULE: "s", HOPCOST_DRAIN: "yes" };
        assert.throws(
            () => readServerSettings("writer", env),
            /HOPCOST_LEDGER must be .*HOPCOST_SCHEDULE must be .*HOPCOST_DRAIN must be true or false, got "yes"/,
        );
    });
});

describe("the state of a process", () => {
    it("is read also if its name looks like one", async () => {
        const child = spawn(process.execPath, [
            "-e",
            'process.title = "a) T (b"; console.log(1); setInterval(() => {}, 99)',
        ]);
        await once(child.stdout, "data");
        assert.match(stateOf(child.pid as number), /^[SR]$/);
        child.kill("SIGSTOP");
        while (stateOf(child.pid as number) !== "T");
        child.kill("SIGKILL");
        await once(child, "exit");
        assert.throws(() => stateOf(child.pid as number));
    }).timeout(10_000);
});
