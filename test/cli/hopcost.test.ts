import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { stringify } from "yaml";
import { projectRoot } from "../../cli/project.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { terminalArgs } from "../support/terminal.ts";

describe("hopcost.mjs, while a server leaves it waiting", function () {
    this.timeout(30_000);
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.on("error", () => {})));
    let folder = "";
    before(async () => {
        silent.listen(0, "127.0.0.1");
        await once(silent, "listening");
        const server = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
        folder = checkoutWith({ "kubernetes:context": "silent", "kubernetes:kubeconfig": "silent.yaml" });
        const path = join(folder, "silent.yaml");
        const contexts = [{ name: "silent", context: { cluster: "silent", user: "nobody" } }];
        const clusters = [{ name: "silent", cluster: { server } }];
        writeFileSync(path, stringify({ clusters, contexts, users: [{ name: "nobody", user: {} }] }));
        setConfig(folder, { "kubernetes:kubeconfig": path });
    });
    after(() => {
        for (const socket of sockets) socket.destroy();
        silent.close();
        removeCheckout(folder);
    });

    type Child = ChildProcessByStdio<Writable, Readable, Readable>;
    /** Starts it, does something after the first request to the server, and returns how it ended. */
    async function interrupted(command: string, args: string[], interrupt: (child: Child) => void) {
        const child = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
        const output = { stdout: "", stderr: "" };
        child.stdout.on("data", (data) => (output.stdout += data));
        child.stderr.on("data", (data) => (output.stderr += data));
        const closed = once(child, "close");
        await Promise.race([once(silent, "connection"), closed]);
        interrupt(child);
        const [code, signal] = await closed;
        return { code, signal, ...output };
    }

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`is cancelled by ${signal}, with exit 8`, async () => {
            const command = [join(folder, "cli", "hopcost.mjs"), "run"];
            assert.deepEqual(await interrupted(process.execPath, command, (child) => void child.kill(signal)), {
                ...{ code: 8, signal: null, stdout: "" },
                stderr: "> Context silent\nhopcost: cancelled\n",
            });
        });
    }

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`is cancelled by ${signal} while it is still loading as well, with exit 8`, async () => {
            const child = spawn(process.execPath, [join(folder, "cli", "hopcost.mjs"), "run"], { stdio: "ignore" });
            const ended = once(child, "exit");
            const children = `/proc/${child.pid}/task/${child.pid}/children`;
            while (readFileSync(children, "utf8") === "") await sleep(1);
            child.kill(signal);
            assert.deepEqual(await ended, [8, null]);
        });
    }

    it("is cancelled by Ctrl-C on a terminal, with exit 8", async () => {
        const args = terminalArgs([process.execPath, join(folder, "cli", "hopcost.mjs"), "run"]);
        const ended = await interrupted("script", args, (child) => void child.stdin.write("\x03"));
        assert.equal(ended.code, 8, ended.stdout);
        assert.match(stripVTControlCharacters(ended.stdout), /^hopcost: cancelled\r$/m);
    });
});

describe("hopcost.mjs", function () {
    this.timeout(30_000);
    const run = (command: string, ...args: string[]) =>
        spawnSync(command, args, { encoding: "utf8", cwd: projectRoot });
    const missing = `hopcost: There is no stack file ${join(projectRoot, "Pulumi.nowhere.yaml")}; stacks here: dev, eks, k3d, minikube. Choose one with --stack, or copy one\n`;

    for (const [command, ...args] of [
        [process.execPath, "cli/hopcost.mjs", "run"],
        ["npx", "--no", "hopcost", "run"],
        ["npm", "--silent", "start", "--"],
    ] as const) {
        it(`gives exit code and streams of the command to ${command === process.execPath ? "node" : command}`, () => {
            const { status, stdout, stderr } = run(command, ...args, "--stack", "nowhere");
            assert.deepEqual([status, stdout, stderr], [2, "", missing]);
        });
    }
});
