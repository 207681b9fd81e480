/** The engine's report of a violation, only the fields used here: `policyEvent` of an engine event. */
export interface PolicyEvent {
    /** Absent if it concerns no resource. */
    resourceUrn?: string;
    /** The policy's description, and on the next line the finding. */
    message: string;
    policyName: string;
    /** `mandatory` fails the operation; anything else is only reported. */
    enforcementLevel: string;
}

/** An event of the engine, only the fields used here; its log has one per line. */
export interface EngineEvent {
    policyEvent?: PolicyEvent;
    /** The last one: how it ended, and the packs that ran. */
    summaryEvent?: { result?: string; PolicyPacks?: Record<string, string> };
}

/**
 * Whether a preview passed.
 * @returns the exit code (0; 5 if a mandatory policy is violated; else 1), and for 1 the reason
 */
export function verdictOf(events: readonly EngineEvent[]): { exitCode: number; reason?: string } {
    if (events.some(({ policyEvent }) => policyEvent?.enforcementLevel === "mandatory")) return { exitCode: 5 };
    const summary = events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
    const look = "look at what the preview printed";
    if (summary === undefined) return { exitCode: 1, reason: `the preview did not finish; ${look}` };
    if (summary.result === "failed")
        return { exitCode: 1, reason: `the preview failed, though no policy did; ${look}` };
    // No findings count as a pass only if a pack ran.
    if (Object.keys(summary.PolicyPacks ?? {}).length > 0) return { exitCode: 0 };
    return { exitCode: 1, reason: "the preview ran no policy pack; call it with --policy-pack" };
}

/** The finding, without the description before it. */
export function findingOf({ message }: PolicyEvent): string {
    const [, ...found] = message.trim().split("\n");
    return found.length > 0 ? found.join("\n") : message.trim();
}

/**
 * A violation as GitHub Actions shows it beside a file.
 * @param file path in the repository, e.g. `Pulumi.yaml`: the stack's, since the place that declares a resource is unknown
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotation(event: PolicyEvent, file: string): string {
    const command = event.enforcementLevel === "mandatory" ? "error" : "warning";
    const properties = { file, title: `policy ${event.policyName}` };
    const list = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value, /[%\r\n:,]/g)}`);
    return `::${command} ${list.join(",")}::${escaped(findingOf(event), /[%\r\n]/g)}`;
}

function escaped(text: string, reserved: RegExp): string {
    return text.replaceAll(
        reserved,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
}
