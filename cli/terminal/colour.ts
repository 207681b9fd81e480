/**
 * What of the command's own words is coloured. Only on a terminal that shows colours, and as NO_COLOR, FORCE_COLOR and
 * TERM=dumb will have it; elsewhere a text comes back as it is. What goes into a file, or out as JSON, never comes here.
 */
import { styleText } from "node:util";

/** A failure for stderr, e.g. `hopcost: cancelled` or commander's `error: unknown option '--x'`: the first word in red. */
export function failureText(text: string): string {
    return text.replace(/^\w+:/, (who) => styleText("red", who, { stream: process.stderr }));
}

/**
 * Results for stdout: the verdict in bold, warnings in yellow.
 * @param text as `resultsText` gives it: the verdict, an empty line, and after the tables a line for each warning
 */
export function colouredResults(text: string): string {
    const stream = process.stdout;
    return text
        .replace(/^.+?(?=\n\n)/s, (verdict) => styleText("bold", verdict, { stream }))
        .replaceAll(/^warning: .*$/gm, (warning) => styleText("yellow", warning, { stream }));
}
