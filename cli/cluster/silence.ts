/** Silence that is shown, in seconds. */
const shownAfter = 10;

/** How long an API server has not answered. */
export class Silence {
    private readonly server: string;
    /** A time of {@link now}. */
    private answeredAt = now();

    constructor(server: string) {
        this.server = server;
    }

    answered(): void {
        this.answeredAt = now();
    }

    /** Seconds since the last answer. */
    get seconds(): number {
        return now() - this.answeredAt;
    }

    /** Who doesn't answer, since when and why; undefined while it is too short to mention. */
    text(reason: string): string | undefined {
        if (this.seconds < shownAfter) return undefined;
        return `The API server ${this.server} doesn't answer since ${timeIn(-this.seconds)} (${reason})`;
    }
}

/** Seconds of a clock that stands still while the machine sleeps. */
export function now(): number {
    return performance.now() / 1000;
}

/** The time of day in so many seconds, e.g. `14:03:20`. */
export function timeIn(seconds: number): string {
    return new Date(Date.now() + seconds * 1000).toTimeString().slice(0, 8);
}
