/**
 * CPU time of the load generator of scenarios, in cores: of each flow, and of one whose messages go nowhere. Beside it that of
 * the steady-state transport: its CPU time per message in a closed loop, times the rate. A flow costs more, since its process
 * wakes up for each message; the steady state's never sleeps.
 *
 *     node bench/load.ts [--seconds 10] [--rate 500]
 */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { type Flow, flowsOf } from "../model/scenarios.ts";
import { textGrid } from "../report/formats/text-grid.ts";
import type { Measured, Prepare, StartTrial } from "../workloads/agent/api.ts";
import { monotonicClock } from "../workloads/clock.ts";
import type { Channel } from "../workloads/scenario/channel.ts";
import { FileCourier } from "../workloads/scenario/file-courier.ts";
import { flowFolders } from "../workloads/scenario/folders.ts";
import { HttpCourier } from "../workloads/scenario/http-courier.ts";
import { Load } from "../workloads/scenario/load.ts";
import { freshPort, type Server, startServer } from "./rig.ts";

const options = new Command("bench:load")
    .description("CPU time of the load generator of scenarios, at 1 KiB")
    .option("--seconds <number>", "how long each load is offered", "10")
    .option("--rate <number>", "messages per second of each flow", "500")
    .parse()
    .opts<{ seconds: string; rate: string }>();
const [seconds, ratePerSecond] = [Number(options.seconds), Number(options.rate)];
const [payloadBytes, deadlineSeconds] = [1024, 1];
const slots = seconds * ratePerSecond;
const ends = { network: ["sender", "receiver"], volume: ["writer", "reader"] } as const;
type Topology = keyof typeof ends;

const scratch = mkdtempSync("/dev/shm/hopcost-bench-");
const servers: Server[] = [];
try {
    const rows = [["none: messages go nowhere", ...(await cost((load) => nowhere(load)))]];
    for (const topology of ["network", "volume"] as const) {
        const channelOf = await responder(topology);
        for (const flow of flowsOf(topology))
            rows.push([`${topology}, ${flow}`, ...(await cost((load) => channelOf(flow, load)))]);
        rows.push([`${topology}, steady state`, (await steadyState(topology)).toFixed(3), "", "", ""]);
    }
    const head = ["flow", `cores at ${ratePerSecond}/s`, "late p50", "late p99", "not acknowledged"];
    console.log(textGrid({ head, rows, left: [0] }));
} finally {
    const ended = servers.map(({ child }) => once(child, "exit"));
    for (const { child } of servers) child.kill("SIGTERM");
    await Promise.all(ended);
    rmSync(scratch, { recursive: true, force: true });
}

/** CPU time of this process while it offers a flow, after a warm-up of the same. */
async function cost(channelOf: (load: Load) => Channel): Promise<string[]> {
    const settings = { ratePerSecond, slots: 2 * slots, delivery: "once", attemptSeconds: deadlineSeconds } as const;
    const wait = (ms: number, then: () => void) => void setTimeout(then, ms);
    const load = new Load(settings, channelOf, monotonicClock, wait);
    await load.courier.open();
    const done = load.run(monotonicClock());
    await sleep(1000 * seconds);
    const before = process.cpuUsage();
    const from = load.offered.next;
    await sleep(1000 * seconds - 100);
    const { user, system } = process.cpuUsage(before);
    const to = load.offered.next;
    await done;
    await load.courier.close();
    const lateness = load.lateness.slice(from, to).sort();
    const at = (share: number) =>
        `${(1000 * (lateness[Math.floor(share * lateness.length)] ?? Number.NaN)).toFixed(2)} ms`;
    const bad = [...load.ended(0, 2 * slots)].filter((sequence) => load.sent(sequence).kind !== "acknowledged").length;
    return [((user + system) / 1e6 / (seconds - 0.1)).toFixed(3), at(0.5), at(0.99), String(bad)];
}

/** Acknowledges each message at once. */
function nowhere(load: Load): Channel {
    const nothing = async () => {};
    return { open: nothing, close: nothing, send: (sequence) => load.acknowledged(sequence), giveUp: () => {} };
}

/** Starts the responder of a topology. @returns what carries messages to it */
async function responder(topology: Topology): Promise<(flow: Flow, load: Load) => Channel> {
    const folder = join(scratch, topology);
    for (const name of ["", "ledger", "volume"]) mkdirSync(join(folder, name));
    const port = freshPort();
    const volume = join(folder, "volume");
    const settings = { HOPCOST_LEDGER: join(folder, "ledger"), HOPCOST_VOLUME: volume };
    servers.push(await startServer(ends[topology][1], { ...settings, HOPCOST_UPLOAD_PORT: String(port) }));
    if (topology === "volume")
        return (flow, load) => new FileCourier(flowFolders(volume, flow), payloadBytes, flow !== "once", load);
    return (flow, load) => {
        const url = new URL(`http://127.0.0.1:${port}/upload/${flow}`);
        const http = { url, payloadBytes, slots: 2 * slots, connectSeconds: 1, isFresh: flow === "once-fresh" };
        return new HttpCourier(http, load);
    };
}

/** Cores that the transport of the topology's main arm would take at the rate, by its CPU time per message. */
async function steadyState(topology: Topology): Promise<number> {
    const volume = join(scratch, `${topology}-steady`);
    mkdirSync(volume);
    const uploadPort = freshPort();
    const env = { HOPCOST_VOLUME: volume, HOPCOST_UPLOAD_PORT: String(uploadPort) };
    const [initiator, responder] = await Promise.all(ends[topology].map((role) => startServer(role, env)));
    if (initiator === undefined || responder === undefined) throw new Error("a topology has two ends");
    servers.push(initiator, responder);
    const trial: StartTrial = {
        ...{ arm: topology === "network" ? "network/cluster-ip" : "volume/chokidar", index: 0, maxSize: payloadBytes },
        ...{ payload: "repeated", seed: 0, uploadUrl: `http://127.0.0.1:${uploadPort}/upload` },
    };
    const cell: Prepare = { mode: "closed-loop", size: payloadBytes, concurrency: 1 };
    for (const end of [responder, initiator]) await end.call("PUT", "/trial", trial);
    for (const end of [responder, initiator]) await end.call("POST", "/prepare", cell);
    const { pid } = initiator.child;
    const measured = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
    const measure = { seconds, roundTrips: 1 };
    await initiator.call("POST", "/measure", measure);
    const before = cpuSecondsOf(measured);
    const { cell: done } = await initiator.call<Measured>("POST", "/measure", measure);
    return ((cpuSecondsOf(measured) - before) / done.roundTrips) * ratePerSecond;
}

/** User and system time of a process, by ticks of 10 ms. */
function cpuSecondsOf(pid: number): number {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
}
