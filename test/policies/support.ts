import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { textsOf } from "../support/texts.ts";
import type { Manifest } from "./program.ts";

/** The SDK's own helpers that hand unknown values to a policy; it doesn't export them publicly. */
const { unknownCheckingProxy, unknownStringValue } = createRequire(import.meta.url)("@pulumi/policy/proxy.js") as {
    unknownCheckingProxy: (props: object) => Record<string, unknown>;
    unknownStringValue: string;
};

/** A policy of the pack. */
export type Rule = ResourceValidationPolicy | StackValidationPolicy;

/** Represents a value that is unknown in a preview. */
export const unknown: string = unknownStringValue;

/** Type, name and properties of a manifest's resource, as Pulumi hands them to a policy: an unknown value throws. */
export function resourceOf(manifest: Manifest) {
    const { apiVersion, kind, metadata } = manifest;
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    const name = metadata.name === unknown ? "unnamed" : (metadata.name ?? "unnamed");
    const props = unknownCheckingProxy(structuredClone(manifest));
    return { type, name, urn: `urn:pulumi:dev::shop::${type}::${name}`, props };
}

/**
 * All findings of a rule in a program, in order. Reports of unknown values, which Pulumi shows as advisory, begin with
 * `unknown: `.
 */
export async function findingsOf(rule: Rule, program: readonly Manifest[], config: object = {}): Promise<string[]> {
    const found: string[] = [];
    const report = (message: string) => found.push(message);
    const getConfig = <T>() => config as T;
    const run = async (act: () => unknown) => {
        try {
            await act();
        } catch (error) {
            if (!(error instanceof Error && "unknownTypeSentinel" in error)) throw error;
            found.push(`unknown: ${error.message}`);
        }
    };
    const resources = program.map(resourceOf);
    if ("validateStack" in rule) {
        await run(() => rule.validateStack({ resources, getConfig } as never, report));
        return found;
    }
    const { validateResource } = rule;
    assert.equal(typeof validateResource, "function");
    for (const resource of resources) {
        await run(() =>
            (validateResource as (args: never, report: unknown) => unknown)(
                { ...resource, getConfig } as never,
                report,
            ),
        );
    }
    return found;
}

/**
 * One case of a rule: its title, the program, all findings of the rule, and its configuration if it has one. A finding is a
 * whole text, or its object, names, numbers and fields joined by ` ... `; the wording is pinned in `test/texts`.
 */
export type Case = [title: string, program: readonly Manifest[], findings: readonly string[], config?: object];

/** Whether a text begins with the first part of a finding and has the others in their order; parts are joined by ` ... `. */
function holds(text: string, finding = ""): boolean {
    const parts = finding.split(" ... ");
    if (parts.length === 1) return text === finding;
    let from = 0;
    return parts.every((part, index) => {
        const at = text.indexOf(part, from);
        from = at + part.length;
        return index === 0 ? at === 0 : at >= 0;
    });
}

/** Declares the tests of a rule; the cases must include one that passes, one that fails and one with an unknown value. */
export function verdicts(rule: Rule, cases: readonly Case[]): void {
    describe(`policy ${rule.name}`, () => {
        const asText = textsOf(`policies/rules/${rule.name}`);
        for (const [title, program, findings, config] of cases) {
            it(title, async () => {
                const found = await findingsOf(rule, program, config);
                const checked = found.map((text, index) => (holds(text, findings[index]) ? findings[index] : text));
                assert.deepEqual(checked, findings);
                if (found.length > 0) asText(title, found);
            });
        }

        it("has a case that passes, one that fails and one with an unknown value", () => {
            const isUnknown = (finding = "") => finding.startsWith("unknown: ");
            assert.ok(cases.some(([, , findings]) => findings.length === 0));
            assert.ok(cases.some(([, , findings]) => findings.length > 0 && !findings.some(isUnknown)));
            assert.ok(cases.some(([, program]) => JSON.stringify(program).includes(unknown)));
        });
    });
}

/** A rule's report of an unknown value. @param title of the checked part */
export function unknownAt(title: string, path: string): string {
    return unknownsAt(title, [path]);
}

/** A rule's report of several unknown values. */
export function unknownsAt(title: string, paths: readonly string[]): string {
    const each = paths.map((path) => `${title}: string value at .${path} can't be known during preview`);
    return `unknown: ${each.join("; ")}; it is checked at deployment, or now if the program gives a plain value`;
}
