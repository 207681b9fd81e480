import type { Difference } from "../../model/comparison.ts";
import { armsOf, modes, type PlanCells } from "../../model/plan.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Environment, Results } from "../../model/results.ts";
import type { ScenarioResults } from "../../model/scenarios.ts";
import { formatSize } from "../../model/sizes.ts";

/** A field by its name, e.g. `environment.kernel`, and its value as text. */
type Fields = ReadonlyMap<string, string>;

/**
 * The fields that differ between runs and can affect times: all of the environment except the nodes and the steal time,
 * all of the plan except the seed; if all runs have scenarios, the load that these were done under.
 */
export function differencesOf(a: readonly Results[], b: readonly Results[]): Difference[] {
    const withLoad = [...a, ...b].every(({ scenarios }) => scenarios !== undefined);
    const [ofA, ofB] = [a, b].map((runs) => runs.map((run) => fieldsOf(run, withLoad))) as [Fields[], Fields[]];
    const names = [...new Set([...ofA, ...ofB].flatMap((fields) => [...fields.keys()]))];
    return names.flatMap((field): Difference[] => {
        const values = (runs: readonly Fields[]) => [...new Set(runs.map((fields) => fields.get(field) ?? "no value"))];
        const difference = { field, a: values(ofA), b: values(ofB) };
        return new Set([...difference.a, ...difference.b]).size === 1 ? [] : [difference];
    });
}

/** One difference as text: `environment.kernel: A has 6.1.0, B has 6.2.0`. */
export function differenceLine({ field, a, b }: Difference): string {
    return `${field}: A has ${a.join(" and ")}, B has ${b.join(" and ")}`;
}

/** All differences as text, one line each below an introducing sentence. */
export function differencesText(sentence: string, differences: readonly Difference[]): string {
    return [sentence, ...differences.map((difference) => `  ${differenceLine(difference)}`)].join("\n");
}

/** What a run was measured on, as text by field name: what two comparable runs have in common. */
export function environmentFields({ placement, stealFraction: _, ...environment }: Environment): Fields {
    const { nodes: __, ...asked } = placement;
    return new Map(flat("environment", { ...environment, placement: asked }));
}

function fieldsOf({ environment, plan: { seed: _, cells, ...plan }, scenarios }: Results, withLoad: boolean): Fields {
    const arms = armsOf({ cells });
    return new Map([
        ...environmentFields(environment),
        ...flat("plan", { ...plan, arms, sizes: sizesByMode(cells) }),
        ...(withLoad && scenarios ? loadFields(scenarios.plan) : []),
    ]);
}

/** Not the scenarios themselves, nor how often each is done. */
function loadFields({ ratePerSecond, payloadBytes, deadlineSeconds }: ScenarioResults["plan"]): [string, string][] {
    return flat("scenarios", { ratePerSecond, payloadBytes, deadlineSeconds });
}

/** The sizes of the arms by mode; if they differ between arms, each list of sizes with its arms. */
function sizesByMode(cells: PlanCells[]): Record<string, string> {
    const all = new Set([...modes, ...cells.map(({ mode }) => mode)]);
    return Object.fromEntries(
        [...all].map((mode) => {
            const ofMode = cells.filter((cell) => cell.mode === mode);
            const groups = [...Map.groupBy(ofMode, ({ sizes }) => sizes.map(formatSize).join(", "))];
            const texts = groups.map(([sizes, of]) =>
                groups.length === 1 ? sizes : `${sizes} (${of.map(({ arm }) => arm).join(", ")})`,
            );
            return [mode, texts.join("; ") || "no sizes"];
        }),
    );
}

function flat(name: string, value: unknown): [string, string][] {
    if (typeof value !== "object" || value === null) return [[name, String(value)]];
    if (Array.isArray(value)) return [[name, value.join(", ")]];
    if (isUnavailable(value)) return [[name, `nothing (${value.unavailable})`]];
    return Object.entries(value).flatMap(([key, inner]) => flat(`${name}.${key}`, inner));
}
