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
 * A value of another type than Kubernetes takes is a finding: thrown, it would end the preview, and say nothing of whose it is.
 * @param whole how messages name what is looked at as a whole, where it is one object
 */
export function judge(looks: () => Iterable<Look>, report: ReportViolation, whole?: string): void {
    const unknown: { error: Error; text: string }[] = [];
    const guarded = (title: string | undefined, act: () => void, urn?: string) => {
        const named = (text: string) => (title === undefined ? text : `${title}: ${text}`);
        try {
            act();
        } catch (error) {
            if (isUnknown(error)) unknown.push({ error, text: named(error.message) });
            else if (error instanceof TypeError && title !== undefined) report(named(malformed(error)), urn);
            else throw error;
        }
    };
    guarded(whole, () => {
        for (const { title, look, urn } of looks()) {
            const act = () => {
                for (const finding of [look()].flat()) if (finding !== undefined) report(`${title}: ${finding}`, urn);
            };
            guarded(title, act, urn);
        }
    });
    const [first] = unknown;
    if (first === undefined) return;
    const texts = new Set(unknown.map(({ text }) => text)); // several looks may meet the same value
    first.error.message = `${[...texts].join("; ")}; ${remedy}`;
    throw first.error;
}

function malformed({ message }: TypeError): string {
    return `has a value of another type than Kubernetes takes (${message}); compare it with what kubectl explain shows`;
}

const remedy = "it is checked at deployment, or now if the program gives a plain value";

/** Whether an error says that a value is unknown: Pulumi keeps its class for itself, but not its field. */
function isUnknown(error: unknown): error is Error {
    return error instanceof Error && "unknownTypeSentinel" in error;
}
