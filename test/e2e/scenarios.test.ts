import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseInjection } from "../../model/parse.ts";
import type { FlowRecord, Injection, ScenarioResults } from "../../model/scenarios.ts";
import { sham } from "../../model/scenarios.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { minutes, namespaces, newestResults, newestRun, shortRun } from "./support.ts";

/** Both main arms once, then one injection of each scenario. */
const oneOfEach = {
    ...shortRun,
    "hopcost:arms": "network/cluster-ip, volume/chokidar",
    "hopcost:sizes": "64 B",
    "hopcost:rounds": 1,
    "hopcost:cellSeconds": 0.1,
    "hopcost:injections": 1,
    "hopcost:namespace": "hopcost-scenarios",
};

describe("scenarios on the sandbox", function () {
    this.timeout(minutes(10));
    let folder = "";
    let injections: Injection[] = [];
    let scenarios: ScenarioResults;

    before(async () => {
        await sandboxUp(() => {}, { nodes: 2 });
        folder = checkoutWith(oneOfEach);
        const { code, stderr } = await hopcost(
            folder,
            "run",
            "--scenarios",
            "kill-process,delete-pod/grace-0,delete-pod/claim,volume-full/tmpfs,drain/no-budget",
        ).ended;
        assert.equal(code, 0, stderr);
        const saved = join(newestRun(folder), "injections");
        const files = readdirSync(saved).filter((name) => name.endsWith(".json"));
        injections = files.map((name) => parseInjection(readFileSync(join(saved, name), "utf8")));
        const found = newestResults(folder).scenarios;
        assert.ok(found !== undefined);
        scenarios = found;
    });
    after(() => removeCheckout(folder));

    const flowOf = (scenario: string, topology: string, flow: string): FlowRecord => {
        const injection = injections.find((one) => one.scenario === scenario && one.topology === topology);
        const found = injection?.flows.find((one) => one.flow === flow);
        assert.ok(found !== undefined, `${scenario} ${topology} ${flow}: ${injection?.reason}`);
        return found;
    };
    const undelivered = ({ outcomes }: FlowRecord) =>
        outcomes.failed + outcomes.lost + outcomes.unknown + outcomes["not-offered"];

    it("makes every injection, each with the proof that it happened", () => {
        const reasons = injections.map(({ scenario, topology, reason }) => `${scenario} ${topology}: ${reason}`);
        assert.equal(injections.length, 10, reasons.join("\n"));
        for (const { state, reason, scenario, proof } of injections) {
            assert.equal(state, "ok", reason);
            if (scenario !== sham) assert.notEqual(proof ?? "", "");
        }
        assert.deepEqual(scenarios.void, []);
    });

    it("conserves messages: the outcomes of every flow sum to its slots", () => {
        const records = injections.flatMap(({ flows }) => flows);
        assert.equal(records.length, 10 * 3);
        for (const { slots, outcomes } of records)
            assert.equal(
                Object.values(outcomes).reduce((sum, count) => sum + count, 0),
                slots,
            );
    });

    it("kill-process: retry loses none, and a reader that doesn't rescan does; the network has an outage", () => {
        assert.ok(undelivered(flowOf("kill-process", "network", "once")) > 0);
        for (const topology of ["network", "volume"]) {
            assert.equal(undelivered(flowOf("kill-process", topology, "retry")), 0);
            assert.equal(flowOf("kill-process", topology, "once").outcomes.lost, 0);
        }
        assert.ok(undelivered(flowOf("kill-process", "volume", "retry-no-rescan")) > 0);
    });

    it("delete-pod: the writer goes with its Pod, so messages are not offered; the sender lives on", () => {
        assert.ok(flowOf("delete-pod/grace-0", "volume", "once").outcomes["not-offered"] > 0);
        const network = flowOf("delete-pod/grace-0", "network", "once");
        assert.equal(network.outcomes["not-offered"], 0);
        assert.ok(undelivered(network) > 0);
    });

    it("delete-pod/claim: the volume and the ledger on it outlive the Pod, so every message's end is known", () => {
        for (const flow of ["once", "retry"]) {
            const { outcomes } = flowOf("delete-pod/claim", "volume", flow);
            assert.ok(outcomes["not-offered"] > 0);
            assert.deepEqual([outcomes.unknown, outcomes.lost], [0, 0]);
        }
    });

    it("drain: the Pod is replaced on another node, and with retry two Pods lose nothing", () => {
        for (const topology of ["network", "volume"]) {
            const { proof = "" } = injections.find((one) => {
                return one.scenario === "drain/no-budget" && one.topology === topology;
            }) as Injection;
            const [, from, to] = /evicted from (\S+); .* on (\S+)$/.exec(proof) ?? assert.fail(proof);
            assert.notEqual(from, to);
        }
        assert.equal(undelivered(flowOf("drain/no-budget", "network", "retry")), 0);
    });

    it("volume-full/tmpfs: nothing gets through while it is full, and with retry nothing is lost", () => {
        const { outageSeconds, outcomes } = flowOf("volume-full/tmpfs", "volume", "once");
        assert.ok(outageSeconds > 8 && outcomes.failed > 0, `${outageSeconds} s`);
        assert.equal(undelivered(flowOf("volume-full/tmpfs", "volume", "retry")), 0);
    });

    it("shows what happened in one sentence, and leaves nothing behind", async () => {
        assert.ok(scenarios.summary.includes("n = 1"), scenarios.summary);
        assert.ok(newestResults(folder).summary.includes(scenarios.summary));
        assert.ok(!(await namespaces()).includes("hopcost-scenarios"));
    });
});
