/** Invalid data: the message has which data, the expected and the actual value, and what to do; shown without a stack. */
export class ReportError extends Error {
    override name = "ReportError";
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
