/**
 * Shows what a preview found as annotations of GitHub Actions:
 *
 *     PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack policies --event-log events.jsonl || true
 *     node policies/annotate.ts events.jsonl Pulumi.dev.yaml
 *
 * Pulumi has the option `--event-log` only with that variable.
 *
 * Ends with 5 where a mandatory policy is violated, and with 1 where the preview failed otherwise or ran no pack.
 */
import { readFileSync } from "node:fs";
import { annotation, type EngineEvent, verdictOf } from "./annotations.ts";

const [log, file = "Pulumi.yaml"] = process.argv.slice(2);
if (log === undefined) {
    console.error("annotate: name the log: node policies/annotate.ts events.jsonl [Pulumi.STACK.yaml]");
    process.exit(2);
}
const lines = readFileSync(log, "utf8").split("\n");
const events = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as EngineEvent);
for (const { policyEvent } of events) if (policyEvent !== undefined) console.log(annotation(policyEvent, file));
const { exitCode, reason } = verdictOf(events);
if (reason !== undefined) console.error(`annotate: ${log}: ${reason}`);
process.exitCode = exitCode;
