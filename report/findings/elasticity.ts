import type { ElasticityCell } from "../../model/elasticity.ts";
import type { Injection } from "../../model/scenarios.ts";
import { elasticityCellOf, type Scaled } from "../../statistics/elasticity.ts";

/**
 * What an autoscaler did, by scenario and topology, in the order of the cells.
 * @param injections those that count
 */
export function elasticityOf(
    injections: readonly Injection[],
    cells: readonly { scenario: string; topology: string }[],
): ElasticityCell[] {
    const scaled = injections.flatMap(({ scenario, topology, watchedSeconds, elasticity }): Scaled[] =>
        elasticity === undefined ? [] : [{ scenario, topology, watchedSeconds, elasticity }],
    );
    const keyOf = ({ scenario, topology }: { scenario: string; topology: string }) => `${scenario} ${topology}`;
    const byKey = Map.groupBy(scaled, keyOf);
    return [...new Set(cells.map(keyOf))].flatMap((key) => {
        const [first, ...others] = byKey.get(key) ?? [];
        return first === undefined ? [] : [elasticityCellOf([first, ...others])];
    });
}
