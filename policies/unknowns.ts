import type { ReportViolation } from "@pulumi/policy";

/** Result of a check: nothing, or what is wrong and the remedy. */
export type Findings = string | undefined | (string | undefined)[];

/** One check of a rule. */
export interface Look {
    /** The checked part's name in messages. */
    title: string;
    look: () => Findings;
    /** The resource that it belongs to, if Pulumi can't know. */
    urn?: string;
}

/**
 * Runs all looks and reports their findings. In a preview some values are still unknown; reading one throws, and ends only
 * that look. At the end all unknown values are thrown as one error of Pulumi's own class, which Pulumi reports at level
 * `advisory`: a rule that could not be applied never passes silently, and doesn't hide violations.
 * A value of the wrong type is a finding: as an error, it would end the preview without naming the object.
 * @param whole name of the whole object in messages, if it is one object
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
    const texts = new Set(unknown.map(({ text }) => text)); // several looks can read the same value
    first.error.message = `${[...texts].join("; ")}; ${remedy}`;
    throw first.error;
}

function malformed({ message }: TypeError): string {
    return `has a value of the wrong type (${message}); compare it with the output of kubectl explain`;
}

const remedy = "it is checked at deployment, or now if the program gives a plain value";

/** Whether an error reports an unknown value: Pulumi doesn't export its class, but its field is visible. */
function isUnknown(error: unknown): error is Error {
    return error instanceof Error && "unknownTypeSentinel" in error;
}
