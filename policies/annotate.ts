/**
 * Shows the findings of a preview as annotations of GitHub Actions:
 *
 *     PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack policies --event-log events.jsonl || true
 *     node policies/annotate.ts events.jsonl Pulumi.dev.yaml
 *
 * Pulumi has the option `--event-log` only with that variable.
 *
 * Exits 5 if a mandatory policy is violated, and 1 if the preview failed otherwise or ran no pack.
 */
import { existsSync, readFileSync } from "node:fs";
import { annotation, type EngineEvent, verdictOf } from "./annotations.ts";

const [log, file = "Pulumi.yaml"] = process.argv.slice(2);
if (log === undefined) {
    console.error("annotate: name the log: node policies/annotate.ts events.jsonl [Pulumi.STACK.yaml]");
    process.exit(2);
}
if (!existsSync(log)) {
    console.error(`annotate: ${log}: the file does not exist; look at what the preview printed`);
    process.exit(1);
}
// Text after the last newline is an incomplete event, from an engine that was stopped.
const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
const events = lines.map((line) => JSON.parse(line) as EngineEvent);
for (const { policyEvent } of events) if (policyEvent !== undefined) console.log(annotation(policyEvent, file));
const { exitCode, reason } = verdictOf(events);
if (reason !== undefined) console.error(`annotate: ${log}: ${reason}`);
process.exitCode = exitCode;
