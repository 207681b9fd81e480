/** No sequence number. */
export const none = -1;

/**
 * A queue of different sequence numbers, from any place of which one can be taken at once. All its memory is allocated before:
 * it is a ring of links, one for each number and one that joins the ends.
 */
export class SequenceQueue {
    readonly #after: Int32Array;
    readonly #before: Int32Array;
    /** Index of the link that joins the ends. */
    readonly #ends: number;
    #length = 0;

    /** @param capacity the numbers are below it */
    constructor(capacity: number) {
        this.#ends = capacity;
        this.#after = new Int32Array(capacity + 1).fill(none);
        this.#before = new Int32Array(capacity + 1).fill(none);
        this.#after[capacity] = this.#before[capacity] = capacity;
    }

    get length(): number {
        return this.#length;
    }

    /** Adds a number that is not in it, as the last one. */
    push(sequence: number): void {
        this.#join(this.#before[this.#ends] as number, sequence);
        this.#join(sequence, this.#ends);
        this.#length += 1;
    }

    /** Takes the first one. @returns {@link none} if there is none */
    shift(): number {
        const first = this.#after[this.#ends] as number;
        return this.remove(first) ? first : none;
    }

    /** Takes a number. @returns whether it was there */
    remove(sequence: number): boolean {
        const after = this.#after[sequence] ?? none;
        if (after === none || sequence === this.#ends) return false;
        this.#join(this.#before[sequence] as number, after);
        this.#after[sequence] = none;
        this.#length -= 1;
        return true;
    }

    #join(one: number, next: number): void {
        this.#after[one] = next;
        this.#before[next] = one;
    }
}
