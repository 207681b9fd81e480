import assert from "node:assert/strict";
import type { Elasticity, ReplicaStep } from "../../model/elasticity.ts";
import { flowsOf } from "../../model/scenarios.ts";
import { outline } from "../../report/findings/outline.ts";
import { resultsCsv } from "../../report/formats/csv.ts";
import { reportPage } from "../../report/formats/html/page.ts";
import { resultsOpenMetrics } from "../../report/formats/openmetrics.ts";
import { textGrid } from "../../report/formats/text-grid.ts";
import { elasticityPlot } from "../../report/plots/elasticity.ts";
import { shapes } from "../../report/plots/plot.ts";
import { plotsOf } from "../../report/plots/plots.ts";
import { elasticityTable } from "../../report/tables/elasticity-table.ts";
import { scenarioTables } from "../../report/tables/scenario-tables.ts";
import { mismatchOf } from "../../statistics/elasticity.ts";
import { injectionSchedule } from "../../statistics/injection-schedule.ts";
import { textsOf } from "../support/texts.ts";
import { injectionOf, scenarioPlanOf, scenarioRunOf } from "./injections.ts";
import { drawnIn } from "./plots/drawn.ts";

const asText = textsOf("report/autoscaling");
const steps = (...pairs: [atSeconds: number, replicas: number][]): ReplicaStep[] =>
    pairs.map(([atSeconds, replicas]) => ({ atSeconds, replicas }));

/** Three Pods come after some seconds; a kept connection never reaches them, and a writer has only its own reader. */
function elasticityOf(topology: string, firstPodSeconds: number): Elasticity {
    const demand = steps([-1, 1], [0, 3], [60, 1]);
    const ready = steps(
        [-20, 1],
        [firstPodSeconds, 3],
        ...(topology === "network" ? [[70, 1] as [number, number]] : []),
    );
    return {
        ...{
            idleCores: 0.003,
            usualCores: 0.008,
            higherCores: 0.03,
            targetCores: 0.015,
            demand,
            wanted: ready,
            ready,
            firstPodSeconds,
        },
        flows: flowsOf(topology).map((flow) => {
            const receiving = flow === "once-fresh" ? ready : steps([-20, 1]);
            return { flow, receiving, ...mismatchOf(demand, receiving, 75) };
        }),
        ...(topology === "network" && { scaledDownSeconds: 10 }),
        complaints: topology === "network" ? [] : ["TooManyReplicas: more than the maximum"],
    };
}

const expected = ["network", "volume"].map((topology) => ({
    ...{ scenario: "autoscale", topology, text: "15 to 60 s to the first new Pod" },
    bounds: [{ flow: "once", figure: "reactionSeconds" as const, least: 15, most: 60 }],
}));
const plan = scenarioPlanOf({ names: ["autoscale"], injections: 6, shams: 0, expected });
const injections = injectionSchedule(plan, 1, () => 0).map((scheduled) => {
    const firstPod = 25 + scheduled.index;
    return injectionOf(scheduled, () => [], {
        elasticity: elasticityOf(scheduled.topology, firstPod),
        reactionSeconds: firstPod - 3,
    });
});
const run = scenarioRunOf(plan, injections);

describe("an autoscaler in the results", () => {
    it("has a cell for each topology, network first, and none without one", () => {
        assert.deepEqual(
            run.scenarios.elasticity?.map(({ scenario, topology, injections: n }) => [scenario, topology, n]),
            [
                ["autoscale", "network", 6],
                ["autoscale", "volume", 6],
            ],
        );
        assert.equal(scenarioRunOf().scenarios.elasticity, undefined);
    });

    it("leaves out single injections in a stack output", () => {
        const bare = outline(run, 8 * 1024);
        assert.ok(bare.scenarios?.elasticity?.every((cell) => cell.example === undefined && cell.injections === 6));
    });

    it("is as expected if the first Pod comes in time", () => {
        assert.deepEqual(
            run.scenarios.expected.map(({ holds }) => holds),
            [true, true],
        );
    });
});

describe("the table of autoscaling", () => {
    it("has a row for each flow below what the autoscaler did", () => {
        asText("table", textGrid(elasticityTable(run.scenarios)).split("\n"));
    });

    it("doesn't exist without an autoscaler", () => {
        assert.deepEqual(elasticityTable({}).rows, []);
        assert.ok(scenarioTables(scenarioRunOf()).every(({ caption = "" }) => !caption.startsWith("Autoscaling")));
    });

    it("is in a CSV and in OpenMetrics too, with the figures of each flow", async () => {
        const [head = "", ...rows] = resultsCsv([run]).split("\r\n");
        const columns = head.split(",");
        const fresh = rows.find((row) => row.includes(",network,once-fresh,"))?.split(",") ?? [];
        const figureOf = (column: string) => Number(fresh[columns.indexOf(column)]);
        const figures = run.scenarios.elasticity?.[0];
        const flow = figures?.flows.find((one) => one.flow === "once-fresh");
        assert.deepEqual(
            [figureOf("under_time_share"), figureOf("first_pod_seconds"), figureOf("scaled_down_seconds")],
            [flow?.under.timeShare.median, figures?.firstPod.median, 10],
        );
        const metrics = (await resultsOpenMetrics([run])).split("\n");
        const under = metrics.filter((line) => line.startsWith("hopcost_scenario_under_provisioned_time_ratio{"));
        assert.equal(under.length, 6);
        const down = metrics.filter((line) => line.startsWith("hopcost_scenario_scaled_down_seconds{"));
        assert.ok(
            down.some((line) => line.includes('"volume"') && line.endsWith("+Inf")),
            down.join("\n"),
        );
    });
});

describe("the plot of an autoscaler", () => {
    it("has what was needed, ready and receiving, of flows with one attempt", () => {
        const drawn = drawnIn(elasticityPlot(run), "dataSteps").map(({ dataTopology, dataFlow, dataSteps }) =>
            [dataTopology, dataFlow, dataSteps].join(" "),
        );
        const panels = ["network once", "network once-fresh", "volume once"];
        assert.deepEqual(
            drawn.sort(),
            panels.flatMap((panel) => ["needed", "ready", "receiving"].map((what) => `${panel} ${what}`)).sort(),
        );
    });

    it("comes after the outages, on the page too; only with an autoscaler", () => {
        assert.deepEqual(
            plotsOf(run)
                .map(({ name }) => name)
                .slice(5, 7),
            ["outages", "elasticity"],
        );
        assert.ok(plotsOf(scenarioRunOf()).every(({ name }) => name !== "elasticity"));
        assert.match(reportPage([run]), /id="elasticity"/);
    });

    it("says in numbers what it shows, and why there is nothing to draw", () => {
        asText("description", elasticityPlot(run).description.split(/(?<=\.) (?=[a-z])/));
        const bare = elasticityPlot(outline(run, 8 * 1024));
        assert.equal(bare.draw, undefined);
        asText("nothing to draw", [...bare.notes]);
    });

    it("has the same height for each panel in both shapes", () => {
        for (const shape of Object.values(shapes)) {
            const height = elasticityPlot(run).draw?.(shape).height ?? 0;
            assert.ok(height > 500 && height < 800, `${height}`);
        }
    });
});
