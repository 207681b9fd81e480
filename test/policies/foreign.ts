import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { rules } from "../../policies/rules.ts";
import type { Manifest } from "./program.ts";
import { findingsOf } from "./support.ts";

/** Programs of others: plain manifests from public documentation; the files name their source. */
export const foreignPrograms = ["nginx", "guestbook"] as const;

/** The manifests of a program. */
export function foreignManifests(name: (typeof foreignPrograms)[number]): Manifest[] {
    const text = readFileSync(new URL(`foreign/${name}.yaml`, import.meta.url), "utf8");
    return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** All findings of the pack in manifests, by policy. */
export async function findingsByPolicy(
    manifests: readonly Manifest[],
): Promise<{ policy: string; findings: string[] }[]> {
    const found = [];
    for (const rule of rules) {
        const findings = await findingsOf(rule, manifests);
        if (findings.length > 0) found.push({ policy: rule.name, findings });
    }
    return found;
}
