import * as pulumi from "@pulumi/pulumi";

/** A mistake in the arguments of a component. Pulumi prints it without a stack. */
export class ArgumentError extends pulumi.RunError {}

/**
 * Throws one error that lists every problem; does nothing if there is none.
 * @param subject which component, e.g. `NetworkPair "net"`
 * @param problems what is wrong with each argument; undefined if it is valid
 * @throws ArgumentError
 */
export function refuse(subject: string, problems: readonly (string | undefined)[]): void {
    const found = problems.filter((problem) => problem !== undefined);
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
