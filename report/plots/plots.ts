import type { Results } from "../schema.ts";
import { costPlot } from "./cost.ts";
import { latencyPlot } from "./latency.ts";
import { phasesPlot } from "./phases.ts";
import type { Plot } from "./plot.ts";
import { ratioPlot } from "./ratio.ts";
import { topologiesPlot } from "./topologies.ts";

/** Every plot of some results, in the order in which they are read. */
export function plotsOf(results: Results): Plot[] {
    return [latencyPlot(results), ratioPlot(results), topologiesPlot(), phasesPlot(results), costPlot(results)];
}
