import type { ReportViolation } from "@pulumi/policy";

/** What a check found: nothing, or what is wrong and the remedy. */
export type Findings = string | undefined | (string | undefined)[];

/** One thing that a rule looks at. */
export interface Look {
    /** How messages name it. */
    title: string;
    look: () => Findings;
    /** The resource that it belongs to, where Pulumi can't know. */
    urn?: string;
}

/**
 * Looks at everything and reports what is found. In a preview some values are unknown yet; reading one throws, and ends that
 * look alone. At the end these are reported together, which Pulumi does (at level `advisory`) where a policy throws an
 * error of its own for unknown values: so a rule that could not be applied never passes silently, and hides no violation.
 */
export function judge(looks: () => Iterable<Look>, report: ReportViolation): void {
    const unknown: { error: Error; text: string }[] = [];
    const guarded = (title: string | undefined, act: () => void) => {
        try {
            act();
        } catch (error) {
            if (!isUnknown(error)) throw error;
            unknown.push({ error, text: title === undefined ? error.message : `${title}: ${error.message}` });
        }
    };
    guarded(undefined, () => {
        for (const { title, look, urn } of looks()) {
            guarded(title, () => {
                for (const finding of [look()].flat()) if (finding !== undefined) report(`${title}: ${finding}`, urn);
            });
        }
    });
    const [first] = unknown;
    if (first === undefined) return;
    first.error.message = `${unknown.map(({ text }) => text).join("; ")}; ${remedy}`;
    throw first.error;
}

const remedy = "it is checked at deployment, or now if the program gives a plain value";

/** Whether an error says that a value is unknown: Pulumi keeps its class for itself, but not its field. */
function isUnknown(error: unknown): error is Error {
    return error instanceof Error && "unknownTypeSentinel" in error;
}
