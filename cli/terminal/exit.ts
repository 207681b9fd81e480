/** What the command's exit codes mean. */
export const exitCodes = {
    ok: 0,
    unexpected: 1,
    configuration: 2,
    preflight: 3,
    runFailed: 4,
    policy: 5,
    cancelled: 8,
    timedOut: 9,
    thresholdExceeded: 99,
} as const;

/** The same in words. */
const meanings: Record<keyof typeof exitCodes, string> = {
    ok: "ok",
    unexpected: "unexpected error",
    configuration: "configuration or command line",
    preflight: "preflight: context, server, namespace, machine",
    runFailed: "run failed or partial",
    policy: "policy",
    cancelled: "cancelled",
    timedOut: "timed out",
    thresholdExceeded: "threshold exceeded",
};

/** A line for each exit code, for the help. */
export function exitCodesText(): string {
    const names = Object.keys(meanings) as (keyof typeof exitCodes)[];
    return ["Exit codes:", ...names.map((name) => `  ${String(exitCodes[name]).padEnd(4)}${meanings[name]}`)].join(
        "\n",
    );
}

/** A failure that is shown to the user as one message, without a stack. */
export class CommandError extends Error {
    readonly exitCode: number;

    /**
     * @param exitCode one of {@link exitCodes}
     * @param message what failed, where, and what to do next
     */
    constructor(exitCode: number, message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "CommandError";
        this.exitCode = exitCode;
    }
}
