import { isAnswer, reasonOf } from "./cluster.ts";

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

    /**
     * Counts a failed request, which may be an answer as well.
     * @returns who doesn't answer, since when and why; undefined while it is too short to mention
     */
    failed(error: unknown): string | undefined {
        if (isAnswer(error)) this.answered();
        if (this.seconds < shownAfter) return undefined;
        return `The API server ${this.server} has not answered since ${timeIn(-this.seconds)} (${reasonOf(error)})`;
    }
}

/** Looks each second, but never twice at once. @returns what ends it */
export function everySecond(look: () => Promise<void>): () => void {
    let isLooking = false;
    const timer = setInterval(async () => {
        if (isLooking) return;
        isLooking = true;
        await look();
        isLooking = false;
    }, 1000);
    return () => clearInterval(timer);
}

/** Seconds of a clock that stands still while the machine sleeps. */
export function now(): number {
    return performance.now() / 1000;
}

/** The time of day in so many seconds, e.g. `14:03:20`. */
export function timeIn(seconds: number): string {
    return new Date(Date.now() + seconds * 1000).toTimeString().slice(0, 8);
}
