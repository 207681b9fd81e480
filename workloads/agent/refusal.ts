/** A request that can't be served now; the driver gets the status and the text. */
export class Refusal extends Error {
    readonly statusCode: number;
    constructor(statusCode: number, message: string) {
        super(message);
        this.statusCode = statusCode;
    }
}
