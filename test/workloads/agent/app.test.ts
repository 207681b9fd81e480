import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Counters } from "../../../model/trial.ts";
import type { Measured, Payload, Prepare } from "../../../workloads/agent/api.ts";
import { freePort, Program, Server } from "../support/processes.ts";
import { Rig } from "../support/rig.ts";

/** Process ids of the processes that a process has forked. */
function childrenOf(pid: number): number[] {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
}

const closedLoop = (size: number): Prepare => ({ mode: "closed-loop", size, concurrency: 1 });
const ofSender = "network/cluster-ip, network/cluster-ip-repeat, network/pod-ip, network/cross-node, floor/noop";
const good = { arm: "network/cluster-ip", index: 0, maxSize: 64, payload: "repeated", seed: 0 };

describe("agent API", function () {
    this.timeout(30_000);
    let rig: Rig;
    let sender: Server;
    let receiver: Server;
    const trial = () => ({ ...good, maxSize: 1024, uploadUrl: rig.uploadUrl });
    const startBoth = async () => {
        await receiver.ok("PUT", "/trial", trial());
        await sender.ok("PUT", "/trial", trial());
    };
    before(async () => {
        rig = await Rig.start("network");
        sender = rig.initiator;
        receiver = rig.responder;
    });
    after(() => rig.stop());

    it("answers 409 while no trial is running", async () => {
        const expected = { status: 409, body: { error: "sender: no trial is running; PUT /trial first" } };
        assert.deepEqual(await sender.call("POST", "/prepare", closedLoop(64)), expected);
        assert.deepEqual(await sender.call("POST", "/measure", { seconds: 0, roundTrips: 1 }), expected);
        assert.equal((await receiver.call("GET", "/received")).status, 409);
    });

    for (const [what, method, path, body, error] of [
        ["invalid JSON", "PUT", "/trial", "{", /^sender: PUT \/trial: .*JSON/],
        ["an empty body", "PUT", "/trial", "", /^sender: PUT \/trial: Body cannot be empty/],
        ["a list", "PUT", "/trial", [1], /^sender: PUT \/trial: body must be object$/],
        [
            "every wrong field",
            "PUT",
            "/trial",
            { arm: 5, maxSize: "1" },
            /body\/arm must be string; body\/maxSize must be/,
        ],
        [
            "an unknown arm",
            "PUT",
            "/trial",
            { ...good, arm: "network/x" },
            new RegExp(`^sender: arm must be one of ${ofSender}, got "network/x"$`),
        ],
        [
            "an arm of other roles",
            "PUT",
            "/trial",
            { ...good, arm: "network/localhost" },
            new RegExp(`^sender: arm must be one of ${ofSender}, got "network/localhost"$`),
        ],
        ["no URL", "PUT", "/trial", good, /^sender: uploadUrl must be a URL, got none$/],
        ["a bad URL", "PUT", "/trial", { ...good, uploadUrl: "x" }, /must be a URL, got "x"$/],
        [
            "other content",
            "PUT",
            "/trial",
            { ...good, payload: "zeros" },
            /body\/payload must match a schema in anyOf$/,
        ],
        ["no seed", "PUT", "/trial", { ...good, seed: -1 }, /body\/seed must be >= 0$/],
        ["a tiny size", "POST", "/prepare", closedLoop(1), /^sender: POST \/prepare: body\/size must be >= 16$/],
        ["half a byte", "POST", "/prepare", closedLoop(64.5), /body\/size must be integer$/],
        [
            "another mode",
            "POST",
            "/prepare",
            { ...closedLoop(64), mode: "fast" },
            /body\/mode must match a schema in anyOf$/,
        ],
        ["too many lanes", "POST", "/prepare", { ...closedLoop(64), concurrency: 65 }, /concurrency must be <= 64$/],
        ["no rate", "POST", "/measure", { seconds: 1, roundTrips: 1, ratePerSecond: 0 }, /ratePerSecond must be > 0$/],
        ["no round trips", "POST", "/measure", { seconds: 1, roundTrips: 0 }, /body\/roundTrips must be >= 1$/],
        [
            "nothing",
            "POST",
            "/measure",
            {},
            /must have required property 'seconds'; body must have required property 'roundTrips'$/,
        ],
    ] as const) {
        it(`answers 400 to ${what}`, async () => {
            const answer = await sender.call(method, path, body);
            assert.equal(answer.status, 400);
            assert.match((answer.body as { error: string }).error, error);
        });
    }

    it("answers 404 to another role's requests", async () => {
        const { status, body } = await receiver.call("POST", "/measure", { seconds: 1, roundTrips: 1 });
        assert.deepEqual([status, body], [404, { error: "receiver: POST /measure is not part of the agent API" }]);
    });

    it("refuses to measure an unprepared cell, and a size above the trial's", async () => {
        await startBoth();
        const measured = await sender.call("POST", "/measure", { seconds: 0, roundTrips: 1 });
        assert.equal(measured.status, 500);
        assert.match(JSON.stringify(measured.body), /no cell is prepared in this trial/);
        for (const [role, end] of [
            ["sender", sender],
            ["receiver", receiver],
        ] as const) {
            assert.deepEqual(await end.call("POST", "/prepare", closedLoop(2048)), {
                status: 400,
                body: { error: `${role}: size must be at most 1024 (the trial's maxSize), got 2048` },
            });
            assert.deepEqual(await end.call("POST", "/prepare", { ...closedLoop(64), concurrency: 2 }), {
                status: 400,
                body: { error: `${role}: concurrency must be 1 except in throughput cells, got 2 (closed-loop)` },
            });
        }
        assert.deepEqual(await receiver.ok("GET", "/received"), []);
    });

    it("forks a fresh process for each trial and ends the old one", async () => {
        await startBoth();
        const [old] = childrenOf(sender.child.pid as number);
        await sender.ok("POST", "/prepare", closedLoop(64));
        await startBoth();
        const children = childrenOf(sender.child.pid as number);
        assert.equal(children.length, 1);
        assert.notEqual(children[0], old);
        assert.equal((await sender.ok<Payload[]>("POST", "/prepare", closedLoop(64)))[0]?.sequence, 1);
    });

    it("starts one trial at a time, even with concurrent requests", async () => {
        await Promise.all([sender.ok("PUT", "/trial", trial()), sender.ok("PUT", "/trial", trial())]);
        assert.equal(childrenOf(sender.child.pid as number).length, 1);
    });

    it("reports how the measured process died, now and later", async () => {
        await startBoth();
        await sender.ok("POST", "/prepare", closedLoop(64));
        const measuring = sender.call("POST", "/measure", { seconds: 60, roundTrips: 1 });
        process.kill(childrenOf(sender.child.pid as number)[0] as number, "SIGKILL");
        const expected = {
            status: 500,
            body: {
                error: "sender: the measured process (arm network/cluster-ip) died (signal SIGKILL)",
                code: "dead",
            },
        };
        assert.deepEqual(await measuring, expected);
        assert.deepEqual(await sender.call("POST", "/prepare", closedLoop(64)), expected);
        await startBoth();
        await sender.ok("POST", "/prepare", closedLoop(64));
    });

    it("fails a measurement whose responder is gone, with the URL", async () => {
        await startBoth();
        await sender.ok("POST", "/prepare", closedLoop(64));
        await receiver.ok("DELETE", "/trial");
        const { status, body } = await sender.call("POST", "/measure", { seconds: 60, roundTrips: 1 });
        assert.equal(status, 500);
        assert.match((body as { error: string }).error, /^sender: POST http:\/\/127\.0\.0\.1:\d+\/upload: \S/);
    });

    it("names an upload port in use as the cause", async () => {
        const port = await freePort();
        const first = await Server.start("receiver", { HOPCOST_UPLOAD_PORT: String(port) });
        const second = await Server.start("receiver", { HOPCOST_UPLOAD_PORT: String(port) });
        await first.ok("PUT", "/trial", good);
        const answer = await second.call("PUT", "/trial", good);
        assert.equal(answer.status, 500);
        assert.match(JSON.stringify(answer.body), new RegExp(`receiver: listen EADDRINUSE: .*${port}`));
        assert.equal((await second.call("GET", "/received")).status, 409);
        await Promise.all([first.kill("SIGTERM"), second.kill("SIGTERM")]);
    });

    it("ends the measured process at SIGTERM, and when it is killed", async () => {
        for (const signal of ["SIGTERM", "SIGKILL"] as const) {
            const server = await Server.start("sender");
            await server.ok("PUT", "/trial", trial());
            const [child] = childrenOf(server.child.pid as number);
            assert.equal(await server.kill(signal), signal === "SIGTERM" ? 0 : "SIGKILL");
            while (isAlive(child as number)) await new Promise((resolve) => setTimeout(resolve, 20));
        }
    });

    it("measures while its agent is idle", async () => {
        await startBoth();
        await sender.ok("POST", "/prepare", closedLoop(64));
        const { cell, last } = await sender.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 100 });
        assert.deepEqual([cell.roundTrips, last.length, last[0]?.sequence, last[0]?.length], [100, 1, 101, 64]);
        assert.deepEqual(await receiver.ok("GET", "/received"), last);
    });

    it("clears its payload when a cell is prepared, so that an old payload can't pass for a new one", async () => {
        await startBoth();
        await sender.ok("POST", "/prepare", closedLoop(64));
        assert.equal((await receiver.ok<Payload[]>("GET", "/received")).length, 1);
        assert.deepEqual(await receiver.ok("POST", "/prepare", closedLoop(64)), []);
        assert.deepEqual(await receiver.ok("GET", "/received"), []);
    });

    it("counts for the measured process, or for itself before there is one", async () => {
        await sender.ok("DELETE", "/trial");
        const before = await sender.ok<Counters>("GET", "/counters");
        assert.ok(Number(before.readBytes) > 0);
        await startBoth();
        await sender.ok("POST", "/prepare", closedLoop(1024));
        const [idle, still] = [
            await sender.ok<Counters>("GET", "/counters"),
            await sender.ok<Counters>("GET", "/counters"),
        ];
        assert.equal(still.writeBytes, idle.writeBytes, "answering is not the measured process's work");
        const { usage } = await sender.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 500 });
        const after = await sender.ok<Counters>("GET", "/counters");
        assert.ok(Number(usage.writeBytes) >= 500 * 1024);
        assert.ok(Number(after.writeBytes) - Number(idle.writeBytes) >= Number(usage.writeBytes));
        process.kill(childrenOf(sender.child.pid as number)[0] as number, "SIGKILL");
        while (typeof (await sender.ok<Counters>("GET", "/counters")).writeBytes === "number");
    });

    it("reports the machine's load since the last request", async () => {
        const host = await sender.ok<Record<string, number>>("GET", "/host");
        assert.deepEqual(Object.keys(host).sort(), ["busyFraction", "load1", "memoryAvailableBytes", "stealFraction"]);
    });
});

describe("agent", function () {
    this.timeout(10_000);
    it("exits with an error that names every bad setting", async () => {
        const program = new Program("reader/server.ts", { HOPCOST_AGENT_PORT: "x", HOPCOST_VOLUME: "y" });
        assert.equal(await program.ended(), 2);
        assert.match(
            program.output,
            /^reader: HOPCOST_AGENT_PORT must be a port .*; HOPCOST_VOLUME must be an absolute/,
        );
    });

    it("ends in time at SIGINT", async () => {
        const server = await Server.start("reader");
        assert.equal(await server.kill("SIGINT"), 0);
    });
});

function isAlive(pid: number): boolean {
    try {
        return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
    } catch {
        return false;
    }
}
