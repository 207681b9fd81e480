import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holderOf, tryLock, withLock } from "../../sandbox/lock.ts";
import { identityOf } from "../../sandbox/process-identity.ts";
import { saysNothing } from "../../sandbox/say.ts";
import { folderPerTest } from "./folder.ts";

describe("a lock file", () => {
    const folder = folderPerTest();
    const path = () => join(folder(), "below", "it.lock");
    const holds = (content: unknown) => {
        tryLock(path());
        writeFileSync(path(), typeof content === "string" ? content : JSON.stringify(content));
    };

    it("exists during the work, names this process, and is removed afterwards", async () => {
        const answer = await withLock(path(), "working", saysNothing, async () => {
            assert.deepEqual(holderOf(path()), identityOf(process.pid));
            return 42;
        });
        assert.equal(answer, 42);
        assert.deepEqual(readdirSync(join(folder(), "below")), []);
    });

    it("is removed after failed work", async () => {
        const fails = async () => {
            throw new Error("broken");
        };
        await assert.rejects(withLock(path(), "working", saysNothing, fails), { message: "broken" });
        assert.ok(!existsSync(path()));
    });

    it("excludes others while its holder lives", () => {
        holds(identityOf(process.pid));
        assert.equal(tryLock(path()), false);
        assert.deepEqual(holderOf(path()), identityOf(process.pid));
    });

    it("is taken over from a dead process", () => {
        const { pid } = spawnSync("true");
        holds({ ...identityOf(process.pid), pid });
        assert.equal(tryLock(path()), true);
        assert.deepEqual(holderOf(path()), identityOf(process.pid));
        assert.deepEqual(readdirSync(join(folder(), "below")), ["it.lock"]);
    });

    it("is taken over if another process now has the holder's pid", () => {
        const me = identityOf(process.pid);
        assert.ok(me);
        holds({ ...me, startTicks: me.startTicks - 1 });
        assert.equal(tryLock(path()), true);
    });

    it("is taken over after a reboot", () => {
        holds({ ...identityOf(process.pid), bootId: "4b1d0000-0000-4000-8000-000000000000" });
        assert.equal(tryLock(path()), true);
    });

    it("is taken over if its content is damaged", () => {
        for (const content of ["", "{", '{"pid":"1"}']) {
            holds(content);
            assert.equal(tryLock(path()), true, JSON.stringify(content));
        }
    });

    it("is taken over from a dead process by exactly one of many", async () => {
        holds({ ...identityOf(process.pid), pid: spawnSync("true").pid });
        const script = `import { tryLock } from ${JSON.stringify(join(import.meta.dirname, "../../sandbox/lock.ts"))};
            console.log(tryLock(process.argv[1]) ? "mine" : "not mine");
            setInterval(() => {}, 1000);`;
        const args = ["--input-type=module-typescript", "-e", script, path()];
        const children = Array.from({ length: 6 }, () => spawn(process.execPath, args));
        try {
            // All live until the last has answered, because an ended one's lock could be taken over again.
            const answers = await Promise.all(children.map(({ stdout }) => once(stdout, "data")));
            assert.deepEqual(answers.map(String).sort(), ["mine\n", ...Array(5).fill("not mine\n")]);
            assert.match(readFileSync(path(), "utf8"), /"pid":\d+/);
        } finally {
            for (const child of children) child.kill("SIGKILL");
        }
    }).timeout(60_000);
});
