/**
 * Shows what a preview found as annotations of GitHub Actions:
 *
 *     pulumi preview --policy-pack policies --event-log events.jsonl || true
 *     node policies/annotate.ts events.jsonl Pulumi.dev.yaml
 *
 * Ends with 5 where a mandatory policy is violated, and with 1 where the preview did not come to its end.
 */
import { readFileSync } from "node:fs";
import { annotation, type PolicyEvent } from "./annotations.ts";

const [log = "", file = "Pulumi.yaml"] = process.argv.slice(2);
const lines = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "");
const events = lines.map((line) => JSON.parse(line) as { policyEvent?: PolicyEvent; summaryEvent?: object });
const found = events.flatMap(({ policyEvent }) => policyEvent ?? []);
for (const event of found) console.log(annotation(event, file));
const ended = events.some(({ summaryEvent }) => summaryEvent !== undefined);
if (!ended)
    console.error(`annotate: ${log} has no summary: the preview failed before its end; look at what it printed`);
process.exitCode = found.some(({ enforcementLevel }) => enforcementLevel === "mandatory") ? 5 : ended ? 0 : 1;
