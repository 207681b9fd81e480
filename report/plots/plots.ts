import type { Results } from "../../model/results.ts";
import { costPlot } from "./cost.ts";
import { densityPlot } from "./density.ts";
import { elasticityPlot } from "./elasticity.ts";
import { latencyPlot } from "./latency.ts";
import { outagesPlot } from "./outages.ts";
import { phasesPlot } from "./phases.ts";
import type { Plot } from "./plot.ts";
import { ratioPlot } from "./ratio.ts";
import { rolloutsPlot } from "./rollouts.ts";
import { sharePlots } from "./shares.ts";
import { timeLinePlots } from "./time-lines.ts";
import { topologiesPlot } from "./topologies.ts";

/**
 * Every plot of some results, in reading order. They are drawn with d3's scales and shapes instead of a chart library:
 * echarts' server-side SVG has no meaningful elements (`data-arm`, titles), no CSS variables for two themes, and no bands
 * on logarithmic axes.
 */
export function plotsOf(results: Results): Plot[] {
    return [
        ...[latencyPlot(results), ratioPlot(results), topologiesPlot(), phasesPlot(results), costPlot(results)],
        ...(results.scenarios === undefined
            ? []
            : [
                  outagesPlot(results),
                  ...rolloutsPlot(results),
                  ...(results.scenarios.elasticity ? [elasticityPlot(results)] : []),
                  ...sharePlots(results),
                  ...timeLinePlots(results),
                  ...(results.scenarios.density ? [densityPlot(results)] : []),
              ]),
    ];
}
