import { CommandError, exitCodes } from "../terminal/exit.ts";

/** `skipped`: not checked, because an earlier check failed. */
export type State = "ok" | "warning" | "failure" | "skipped";

/** What a check found. */
export interface Outcome {
    state: State;
    /** What was found, in a sentence without its full stop. */
    detail: string;
    /** What to do: the exact command or key. Always set if the state is `warning` or `failure`. */
    remedy?: string;
}

/** All checks in the order in which they are listed, with their titles. */
const titles = {
    node: "Node.js",
    pulumi: "Pulumi",
    provider: "Pulumi's Kubernetes provider",
    configuration: "Configuration",
    state: "State of the stack",
    sandbox: "Sandbox",
    context: "Context",
    server: "API server",
    permissions: "Permissions",
    namespace: "Namespace",
    quota: "Quotas",
    "limit-range": "LimitRanges",
    "storage-class": "StorageClass",
    nodes: "Nodes",
    image: "Images",
    probe: "Probe Pod",
    "metrics-api": "Metrics API",
    leftovers: "Leftovers",
} as const;

/** Name of a check. */
export type CheckId = keyof typeof titles;
/** All of them, in the order in which they are listed. */
export const checkIds = Object.keys(titles) as CheckId[];

/** A check that was made. Shape of an entry of `hopcost doctor --json`. */
export interface Check extends Outcome {
    id: CheckId;
    title: string;
}

/** Everything is as it should be. */
export function ok(detail: string): Outcome {
    return { state: "ok", detail };
}

/** A run can start, but something should be fixed. */
export function warning(detail: string, remedy: string): Outcome {
    return { state: "warning", detail, remedy };
}

/** No run can finish. */
export function failure(detail: string, remedy: string): Outcome {
    return { state: "failure", detail, remedy };
}

/** @param cause the check that failed */
export function skipped(cause: Pick<Check, "title">): Outcome {
    return { state: "skipped", detail: `not checked because of "${cause.title}"` };
}

/** The title of a check, e.g. `API server`. */
export function titleOf(id: CheckId): string {
    return titles[id];
}

/** Names an outcome. */
export function check(id: CheckId, outcome: Outcome): Check {
    return { id, title: titles[id], ...outcome };
}

/** What went wrong and what to do, in one text. */
export function advice({ detail, remedy }: Outcome): string {
    return remedy === undefined ? detail : `${detail}; ${remedy}`;
}

/**
 * Ends a command if checks failed.
 * @throws CommandError (preflight) with every failure
 */
export function refuseFailures(checks: readonly Check[]): void {
    const failures = checks.filter(({ state }) => state === "failure").map(advice);
    if (failures.length === 0) return;
    const [only = ""] = failures;
    const all = failures.map((text) => `\n  ${text.replaceAll("\n", "\n  ")}`).join("");
    throw new CommandError(
        exitCodes.preflight,
        failures.length === 1 ? only : `${failures.length} checks failed:${all}`,
    );
}
