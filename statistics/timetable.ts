/** When slots are due, at a rate that is constant or changes in steps. Nothing here allocates: the load generator calls it. */

/** From a moment on so many slots per second are due, until the next step. */
export interface RateStep {
    /** Seconds after slot 0 is due. */
    fromSeconds: number;
    ratePerSecond: number;
}

/** The rate from the start on, and how it changes. */
export interface Timetable {
    ratePerSecond: number;
    /** Ascending in time, after the start. @default none */
    steps?: RateStep[];
}

/** Seconds from slot 0 until a slot is due. */
export function dueOf({ ratePerSecond, steps }: Timetable, slot: number): number {
    if (steps === undefined) return slot / ratePerSecond;
    let from = 0;
    let rate = ratePerSecond;
    let left = slot;
    for (const step of steps) {
        const due = (step.fromSeconds - from) * rate;
        if (left <= due) break;
        left -= due;
        from = step.fromSeconds;
        rate = step.ratePerSecond;
    }
    return from + left / rate;
}

/** Slots that are due in so many seconds after slot 0, with fractions: that of slot 12 is 12. @param seconds below 0: below 0 */
export function slotsIn({ ratePerSecond, steps = [] }: Timetable, seconds: number): number {
    let from = 0;
    let rate = ratePerSecond;
    let slots = 0;
    for (const step of steps) {
        if (seconds <= step.fromSeconds) break;
        slots += (step.fromSeconds - from) * rate;
        from = step.fromSeconds;
        rate = step.ratePerSecond;
    }
    return slots + (seconds - from) * rate;
}
