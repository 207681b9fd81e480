import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Manifest } from "./program.ts";

/** What the SDK itself uses to hand unknown values to a policy; it exports them to nobody. */
const { unknownCheckingProxy, unknownStringValue } = createRequire(import.meta.url)("@pulumi/policy/proxy.js") as {
    unknownCheckingProxy: (props: object) => Record<string, unknown>;
    unknownStringValue: string;
};

/** A policy of the pack. */
export type Rule = ResourceValidationPolicy | StackValidationPolicy;

/** What stands for a value that is unknown in a preview. */
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
 * All that a rule says of a program, in order; what it says of unknown values, which Pulumi reports as advisory, begins
 * with `unknown: `.
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

/** One case of a rule: what it shows, the program, all that the rule says of it, and its configuration if it has one. */
export type Case = [title: string, program: readonly Manifest[], findings: readonly string[], config?: object];

/** Declares the tests of a rule; among the cases are one that passes, one that fails and one with an unknown value. */
export function verdicts(rule: Rule, cases: readonly Case[]): void {
    describe(`policy ${rule.name}`, () => {
        for (const [title, program, findings, config] of cases) {
            it(title, async () => assert.deepEqual(await findingsOf(rule, program, config), findings));
        }

        it("is shown to pass, to fail and to meet an unknown value", () => {
            const isUnknown = (finding = "") => finding.startsWith("unknown: ");
            assert.ok(cases.some(([, , findings]) => findings.length === 0));
            assert.ok(cases.some(([, , findings]) => findings.length > 0 && !findings.some(isUnknown)));
            assert.ok(cases.some(([, program]) => JSON.stringify(program).includes(unknown)));
        });
    });
}

/** What a rule says of a value that is unknown. @param title of what it looked at */
export function unknownAt(title: string, path: string): string {
    return unknownsAt(title, [path]);
}

/** What a rule says of several. */
export function unknownsAt(title: string, paths: readonly string[]): string {
    const each = paths.map((path) => `${title}: string value at .${path} can't be known during preview`);
    return `unknown: ${each.join("; ")}; it is checked at deployment, or now if the program gives a plain value`;
}
