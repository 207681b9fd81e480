import assert from "node:assert/strict";
import type { ScenarioCell } from "../../../model/scenarios.ts";
import { summarizeScenarios } from "../../../report/findings/scenario-summary.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/findings/scenario-summary");
const { scenarios } = scenarioRunOf();
const cellsOf = (scenario: string, change: (cell: ScenarioCell) => Partial<ScenarioCell> = () => ({})) =>
    scenarios.cells.filter((cell) => cell.scenario === scenario).map((cell) => ({ ...cell, ...change(cell) }));
const sentence = (
    cells: readonly ScenarioCell[],
    names: string[] = [...new Set(cells.map(({ scenario }) => scenario))],
) => summarizeScenarios({ plan: { ...scenarios.plan, names }, cells });
const lasting = (median: number | null, interval?: [number | null, number | null]) => ({
    outage: { median, ...(interval && { interval }), censored: median === null ? 20 : 0 },
});

describe("the sentence of scenarios", () => {
    it("is about killing the receiver, if that was done", () => {
        asText("kill-process", scenarios.summary);
        const [network, volume] = cellsOf("kill-process").filter(({ flow }) => flow === "once");
        assert.match(
            scenarios.summary,
            /^Killing the receiver stopped delivery for .* with retry 0 of 32,400 messages were lost in either \(n = 20 each\)\.$/,
        );
        assert.ok(
            Math.abs((network?.outage.median ?? 0) - 2.4) < 0.06 && Math.abs((volume?.outage.median ?? 0) - 1.3) < 0.06,
        );
    });

    it("is about the first scenario otherwise, and says where delivery did not stop, or did not come back", () => {
        asText("not-ready", sentence(cellsOf("not-ready")));
        asText("hang", sentence(cellsOf("hang")));
        asText("nothing stopped", sentence(cellsOf("not-ready", () => lasting(0, [0, 0]))));
        asText(
            "only one Pod stopped",
            sentence(cellsOf("not-ready", ({ topology }) => lasting(topology === "network" ? 0 : 1.5))),
        );
    });

    it("skips a scenario without injections that count, and says if there is none", () => {
        assert.equal(sentence(cellsOf("hang"), ["kill-process", "drain", "hang"]), sentence(cellsOf("hang")));
        asText("no injection", sentence([], ["kill-process"]));
    });

    it("counts what was not delivered by more than acknowledged and lost messages", () => {
        const lose = (outcome: "lost" | "failed" | "unknown", of = "volume") =>
            sentence(
                cellsOf("kill-process", ({ flow, topology, outcomes }) =>
                    flow === "retry" && topology === of ? { outcomes: { ...outcomes, [outcome]: 1234 } } : {},
                ),
            );
        asText("lost, failed and unknown messages", [lose("lost"), lose("failed"), lose("unknown", "network")]);
    });

    it("gives both numbers of injections if they differ, and says that few are a first look", () => {
        const n = (network: number, volume: number) =>
            sentence(cellsOf("hang", ({ topology }) => ({ injections: topology === "network" ? network : volume })));
        assert.match(n(20, 19), / \(n = 20 and 19\)\.$/);
        assert.match(n(3, 3), / \(n = 3 each: a first look\)\.$/);
    });

    it("reads well with one topology, or with another flow", () => {
        const network = cellsOf("kill-process").filter(({ topology }) => topology === "network");
        asText("one topology", [
            sentence(network),
            sentence(network.map((cell) => ({ ...cell, ...lasting(0) }))),
            sentence(network.filter(({ flow }) => flow === "retry")),
            sentence(network.filter(({ flow }) => flow === "once-fresh")),
        ]);
    });

    it("has a clause for every scenario, with its variant, and the name of one that it doesn't know", () => {
        const names = ["crash-loop", "hang/no-probe", "delete-pod/grace-0", "oom", "cpu-starved", "volume-full/disk"];
        names.push("partition", "drain", "api-server-down", "rolling-update/recreate", "bad-rollout", "paused-rollout");
        names.push("scale-out", "scale-in", "autoscale", "density", "start-up", "meteor");
        const once = cellsOf("kill-process").filter(({ flow }) => flow === "once");
        const clauses = names.map((scenario) => {
            const text = sentence(once.map((cell) => ({ ...cell, scenario })));
            return text.slice(0, text.indexOf(" stopped"));
        });
        asText("clauses", clauses);
        assert.equal(clauses.filter((clause) => clause.startsWith("Scenario ")).length, 1);
    });
});
