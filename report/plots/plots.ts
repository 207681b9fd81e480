import type { Results } from "../../model/results.ts";
import { costPlot } from "./cost.ts";
import { latencyPlot } from "./latency.ts";
import { phasesPlot } from "./phases.ts";
import type { Plot } from "./plot.ts";
import { ratioPlot } from "./ratio.ts";
import { topologiesPlot } from "./topologies.ts";

/**
 * Every plot of some results, in the order in which they are read. They are drawn with d3's scales and shapes instead of a
 * library of charts: the SVG that echarts makes on a server has no elements with a meaning (`data-arm`, titles), no CSS
 * variables for two themes, and no bands on logarithmic axes.
 */
export function plotsOf(results: Results): Plot[] {
    return [latencyPlot(results), ratioPlot(results), topologiesPlot(), phasesPlot(results), costPlot(results)];
}
