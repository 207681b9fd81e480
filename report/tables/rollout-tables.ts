import type { Results } from "../../model/results.ts";
import { rolloutMatrices, rowTitle } from "../findings/rollout-matrix.ts";
import { undeliveredWords } from "../words/rollout-words.ts";
import { topologyWords } from "../words/scenario-words.ts";
import type { Grid } from "./grid.ts";

/** The matrix of rollouts of each topology with at least two variants; the plot of the same name shows it in colours. */
export function rolloutTables({ scenarios }: Pick<Results, "scenarios">): Grid[] {
    return rolloutMatrices(scenarios).map(({ topology, rows }) => ({
        caption: `In ${topologyWords(topology)}: median [95% CI]; at most 3/n: none in n rollouts; 7 in n: 7 in all together; -: not measured`,
        groups: [
            { title: "", columns: 1 },
            { title: "no readiness probe", columns: 2 },
            { title: "readiness probe", columns: 2 },
        ],
        head: ["update", "no drain", "drain", "no drain", "drain"],
        rows: rows.map((row) => [
            rowTitle(row),
            ...row.map(({ figure }) => (figure === undefined ? "-" : undeliveredWords(figure))),
        ]),
        left: [0],
    }));
}
