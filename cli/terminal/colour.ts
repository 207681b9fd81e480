/**
 * Colours for the command's own words: only on a terminal with colours, and respecting NO_COLOR, FORCE_COLOR and TERM=dumb;
 * elsewhere a text is returned unchanged. Never used for files or JSON.
 */
import { styleText } from "node:util";

/** A failure for stderr, e.g. `hopcost: cancelled` or commander's `error: unknown option '--x'`: the first word in red. */
export function failureText(text: string): string {
    return text.replace(/^\w+:/, (who) => styleText("red", who, { stream: process.stderr }));
}

/**
 * Results for stdout: the verdict in bold, advice in green, warnings in yellow.
 * @param text from `resultsText`: the verdict, an empty line, and after the tables a line for each advice and warning
 */
export function colouredResults(text: string): string {
    const stream = process.stdout;
    return text
        .replace(/^.+?(?=\n\n)/s, (verdict) => styleText("bold", verdict, { stream }))
        .replaceAll(/^advice: .*$/gm, (advice) => styleText("green", advice, { stream }))
        .replaceAll(/^warning: .*$/gm, (warning) => styleText("yellow", warning, { stream }));
}
