import type { Difference } from "../../model/comparison.ts";
import { armsOf, modes, type PlanCells } from "../../model/plan.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Environment, Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";

/** A field by its name, e.g. `environment.kernel`, and its value for people. */
type Fields = ReadonlyMap<string, string>;

/**
 * The fields in which not all runs agree and that can move times: of the environment all but where the nodes are and what the
 * hypervisor took, of the plan all but the seed.
 */
export function differencesOf(a: readonly Results[], b: readonly Results[]): Difference[] {
    const [ofA, ofB] = [a, b].map((runs) => runs.map(fieldsOf)) as [Fields[], Fields[]];
    const names = [...new Set([...ofA, ...ofB].flatMap((fields) => [...fields.keys()]))];
    return names.flatMap((field): Difference[] => {
        const values = (runs: readonly Fields[]) => [...new Set(runs.map((fields) => fields.get(field) ?? "not told"))];
        const difference = { field, a: values(ofA), b: values(ofB) };
        return new Set([...difference.a, ...difference.b]).size === 1 ? [] : [difference];
    });
}

/** One difference for people: `environment.kernel: A has 6.1.0, B has 6.2.0`. */
export function differenceLine({ field, a, b }: Difference): string {
    return `${field}: A has ${a.join(" and ")}, B has ${b.join(" and ")}`;
}

/** All differences for people, a line each under a sentence that says what they are of. */
export function differencesText(sentence: string, differences: readonly Difference[]): string {
    return [sentence, ...differences.map((difference) => `  ${differenceLine(difference)}`)].join("\n");
}

/** What a run was measured on, for people, by the name of the field: what two runs must have in common. */
export function environmentFields({ placement, stealFraction: _, ...environment }: Environment): Fields {
    const { nodes: __, ...asked } = placement;
    return new Map(flat("environment", { ...environment, placement: asked }));
}

function fieldsOf({ environment, plan: { seed: _, cells, ...plan } }: Results): Fields {
    const arms = armsOf({ cells });
    return new Map([...environmentFields(environment), ...flat("plan", { ...plan, arms, sizes: sizesByMode(cells) })]);
}

/** By mode the sizes of its arms; where these differ, each with the arms that have it. */
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
