/** Simulated injections of a scenario with several replicas, and the results of a run with them. */
import type { Results } from "../../model/results.ts";
import type { Expectation, Injection } from "../../model/scenarios.ts";
import { type Replica, sharesOf } from "../../statistics/shares.ts";
import { injectionOf, load, scenarioPlanOf, scenarioRunOf } from "./injections.ts";

const { ratePerSecond, secondsBefore } = load;
const slots = (secondsBefore + 40) * ratePerSecond;

/** From one replica to four, ready 1 to 3 s after the injection; a kept connection stays with the first. */
function injected(index: number, topology: string): Injection {
    const scaled = injectionOf({ index, scenario: "scale-out", topology }, () => []);
    const shares = scaled.flows.map(({ flow }) => {
        const isSpread = topology === "volume" || flow === "once-fresh";
        const replicas = [-9, 1, 2, 3].map((readySeconds, replica): Replica => {
            const receives = (slot: number) => {
                const at = slot / ratePerSecond - secondsBefore;
                return isSpread && at >= 3.5 + 0.1 * index ? slot % 4 === replica : replica === 0;
            };
            return { readySeconds, ledger: Uint8Array.from({ length: slots }, (_, slot) => (receives(slot) ? 1 : 0)) };
        });
        return sharesOf({ flow, ratePerSecond, startSeconds: -secondsBefore, from: 0, to: slots }, replicas);
    });
    return { ...scaled, shares };
}

/** A run with 6 injections into each topology. */
export function sharedRunOf(
    bounds: Expectation["bounds"] = [],
): Results & { scenarios: NonNullable<Results["scenarios"]> } {
    const expected = ["network", "volume"].map((topology) => ({ scenario: "scale-out", topology, text: "", bounds }));
    const plan = scenarioPlanOf({ names: ["scale-out"], injections: 6, shams: 0, expected });
    const all = Array.from({ length: 12 }, (_, index) => injected(index, index % 2 === 0 ? "network" : "volume"));
    return scenarioRunOf(plan, all);
}
