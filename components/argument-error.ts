import * as pulumi from "@pulumi/pulumi";
import { dnsLabelPattern } from "../model/names.ts";

/** A mistake in the arguments of a component. Pulumi prints it without a stack. */
export class ArgumentError extends pulumi.RunError {}

/** Longest name of a component: with its longest suffix it is the name of an object. */
const longestName = 39;

/**
 * Throws one error that lists every problem; does nothing if there is none.
 * @param kind of component, e.g. `NetworkPair`
 * @param problems what is wrong with each argument; undefined if it is valid
 * @param longest characters of its name at most
 * @throws ArgumentError
 */
export function refuse(
    kind: string,
    name: string,
    problems: readonly (string | undefined)[],
    longest = longestName,
): void {
    const isName = new RegExp(dnsLabelPattern(longest)).test(name);
    const rule = `at most ${longest} lower-case letters, digits or dashes, beginning and ending with a letter or digit`;
    const found = [isName ? undefined : `its name must be ${rule}`, ...problems].filter(
        (problem) => problem !== undefined,
    );
    const subject = `${kind} ${quoted(name)}`;
    if (found.length === 1) throw new ArgumentError(`${subject}: ${found[0]}`);
    if (found.length > 1) throw new ArgumentError(`${subject}: ${found.map((problem) => `\n  ${problem}`).join("")}`);
}

/** What is wrong with `value` if it isn't an integer from `least` to `most`. */
export function integerBetween(name: string, value: number, least: number, most: number): string | undefined {
    if (Number.isInteger(value) && value >= least && value <= most) return undefined;
    return `${name} must be an integer from ${least} to ${most}, got ${value}`;
}

/** What is wrong with `value` if it isn't one of `allowed`. */
export function oneOf(name: string, value: string, allowed: readonly string[]): string | undefined {
    return allowed.includes(value) ? undefined : `${name} must be one of ${allowed.join(", ")}, got ${quoted(value)}`;
}

/** A value as messages show it. */
export function quoted(value: unknown): string {
    return JSON.stringify(value) ?? String(value);
}
