/** Data that is not what it should be: says which, what was expected, what came and what to do. For people, no stack needed. */
export class ReportError extends Error {
    override name = "ReportError";
}
