import assert from "node:assert/strict";
import { dashboard, dataSource, panels, trialMarks } from "../../../components/metrics/dashboard.ts";
import { recorded } from "../../../components/metrics/recording-rules.ts";
import { metricNames } from "../../../model/metric-names.ts";
import { buildMs } from "../../support/build-limit.ts";
import { accepts, promtool } from "./promtool.ts";

/** The expressions as rules, which promtool can check. */
const asRules = (expressions: string[]) => ({
    groups: [{ name: "dashboard", rules: expressions.map((expr, index) => ({ record: `panel:${index}`, expr })) }],
});
const board = dashboard(true);
const shown = board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe("the dashboard", () => {
    it("has only queries that Prometheus accepts", async function () {
        this.timeout(buildMs);
        const expressions = [...shown, ...board.annotations.list.map(({ target }) => target.expr)];
        assert.ok(expressions.length > 12);
        await accepts(["check", "rules", "rules.yml"], { "rules.yml": asRules(expressions) });
        const broken = asRules([`rate(${recorded.cpuCores})`]);
        assert.equal((await promtool(["check", "rules", "rules.yml"], { "rules.yml": broken })).accepted, false);
    });

    it("queries only existing metrics", () => {
        const known = new Set<string>([...Object.values(metricNames), ...Object.values(recorded)]);
        const asked = shown.flatMap((expr) => expr.match(/\bhopcost[_:][\w:]+/g) ?? []);
        assert.deepEqual(
            asked.filter((name) => !known.has(name)),
            [],
        );
    });

    it("shows every recorded figure, and the running trial", () => {
        for (const name of Object.values(recorded)) assert.ok(shown.includes(name), name);
        assert.ok(shown.some((expr) => expr.includes(metricNames.currentTrial)));
        assert.ok(shown.some((expr) => expr.includes("process_start_time_seconds")));
    });

    it("names series by labels that they have", () => {
        const labelsOf = (legend: string) => [...legend.matchAll(/{{(\w+)}}/g)].map(([, label]) => label);
        const legends = new Map(
            board.panels.flatMap(({ targets }) =>
                targets.map(({ expr, legendFormat }) => [expr, labelsOf(legendFormat)]),
            ),
        );
        assert.deepEqual(legends.get(recorded.roundTripP50), ["arm", "size_bytes"]);
        assert.deepEqual(legends.get(recorded.cpuCores), ["pod", "container"]);
        assert.deepEqual(legends.get(recorded.networkSendBytes), ["pod"]);
    });

    it("marks each trial with its arm and its number, the first one (0) too", async function () {
        this.timeout(buildMs);
        const [annotation] = board.annotations.list;
        assert.deepEqual([annotation?.titleFormat, annotation?.textFormat], ["{{arm}}", "trial {{trial}}"]);
        const input = ['arm="a"', 'arm="b"'].map((arm, index) => ({
            series: `${metricNames.currentTrial}{${arm}}`,
            values: `${index * 7}+0x10`,
        }));
        const expected = [
            { labels: '{arm="a",trial="0"}', value: 1 },
            { labels: '{arm="b",trial="7"}', value: 1 },
        ];
        await accepts(["test", "rules", "test.yml"], {
            "test.yml": {
                tests: [
                    {
                        interval: "1s",
                        input_series: input,
                        promql_expr_test: [{ expr: trialMarks, eval_time: "5s", exp_samples: expected }],
                    },
                ],
            },
        });
    });

    it("has the kubelets' figures only if they are scraped", () => {
        const kubelets = (clusterMetrics: boolean) =>
            panels(clusterMetrics).filter(({ queries }) =>
                queries.some(({ expr }) => /\((?:container|node)_/.test(expr)),
            );
        assert.deepEqual([kubelets(false).length, kubelets(true).length], [0, 2]);
    });

    it("has no overlapping panels, and only one data source", () => {
        const taken = new Set<string>();
        for (const { gridPos, datasource, targets } of board.panels) {
            assert.deepEqual(datasource, dataSource);
            for (const target of targets) assert.deepEqual(target.datasource, dataSource);
            assert.ok(gridPos.x + gridPos.w <= 24);
            assert.ok(!taken.has(`${gridPos.x},${gridPos.y}`));
            taken.add(`${gridPos.x},${gridPos.y}`);
        }
        assert.equal(new Set(board.panels.map(({ id }) => id)).size, board.panels.length);
    });
});
