import { textGrid } from "../../report/formats/text-grid.ts";
import type { Violation } from "../stack/policy-preview.ts";

/** What a preview found, as a table with one line per violation; one sentence if there are none. */
export function previewTable(
    stack: string,
    where: string,
    resources: number,
    violations: readonly Violation[],
): string {
    const title = `${stack}, ${where}: ${resources} resources`;
    if (violations.length === 0) return `${title}, no violations`;
    const mandatory = violations.filter((violation) => violation.mandatory).length;
    const rows = violations.map(({ policy, mandatory, message }) => [
        mandatory ? "mandatory" : "advisory",
        policy,
        message,
    ]);
    return textGrid({
        caption: `${title}, ${mandatory} mandatory and ${violations.length - mandatory} advisory violations`,
        head: ["level", "policy", "problem and fix"],
        rows,
        left: [0, 1, 2],
    });
}
