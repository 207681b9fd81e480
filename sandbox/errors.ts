/** Something the sandbox or its tools need is missing or failed; the message says what, where, and what to do. */
export class SandboxError extends Error {
    override readonly name = "SandboxError";
}

/** This machine can never run the sandbox: only another cluster helps, or another user. */
export class UnfitHostError extends SandboxError {}

/** The text of anything thrown. */
export function reasonOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
