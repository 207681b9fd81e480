import { plural } from "../../report/words/sentences.ts";
import type { Check } from "./check.ts";

/** The checks as text: a line each, the remedy below those that did not pass, and counts at the end. */
export function doctorText(checks: readonly Check[]): string {
    const width = Math.max(...checks.map(({ title }) => title.length));
    const indent = " ".repeat("skipped".length + 2 + width + 2);
    const lines = checks.map(({ state, title, detail, remedy }) => {
        const first = `${state.padEnd("skipped".length)}  ${title.padEnd(width)}  ${detail}`;
        const text = remedy === undefined ? first : `${first}\n-> ${remedy}`;
        return text.replaceAll("\n", `\n${indent}`);
    });
    const count = (state: Check["state"]) => checks.filter((it) => it.state === state).length;
    const verdict = count("failure") === 0 ? "A run can start." : "A run would fail.";
    return `${lines.join("\n")}\n\n${verdict} ${plural(count("failure"), "failure")}, ${plural(count("warning"), "warning")}, ${count("skipped")} skipped`;
}
