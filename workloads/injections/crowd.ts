/** How many begin with. */
const atFirst = 4;

/**
 * How many injections go on at once: as many as the machine carries. Each that meets a quiet machine lets one more in, until one meets
 * a busy machine: that takes a third of them away, and then it takes as many quiet ones as go on at once to let one more in (slow start,
 * additive increase, multiplicative decrease: Jacobson, 1988).
 */
export class Crowd {
    readonly #most: number;
    #limit: number;
    #inside = 0;
    /** Quiet ones since the last change. */
    #quiet = 0;
    /** How often there were fewer. */
    #decreases = 0;
    readonly #waiting: (() => void)[] = [];

    /** @param most integer, at least 1 */
    constructor(most: number) {
        this.#most = most;
        this.#limit = Math.min(most, atFirst);
    }

    /** How many may go on at once; at least 1. */
    get limit(): number {
        return this.#limit;
    }

    /** Whether there are fewer than could be, since the machine was busy. */
    get isReduced(): boolean {
        return this.#decreases > 0 && this.#limit < this.#most;
    }

    /** Whether there are others beside one. */
    get isShared(): boolean {
        return this.#inside > 1;
    }

    /** Waits until there is room. @returns what {@link note} takes */
    async enter(): Promise<number> {
        if (this.#inside < this.#limit) this.#inside += 1;
        else await new Promise<void>((resolve) => this.#waiting.push(resolve));
        return this.#decreases;
    }

    /**
     * What one has met.
     * @param entered what {@link enter} returned; one that began before the last decrease says nothing about the crowd since then
     */
    note(entered: number, isBusy: boolean): void {
        if (entered !== this.#decreases) return;
        if (isBusy) {
            this.#limit = Math.max(1, Math.floor((this.#limit * 2) / 3));
            this.#decreases += 1;
            this.#quiet = 0;
        } else if (++this.#quiet >= (this.#decreases === 0 ? 1 : this.#limit) && this.#limit < this.#most) {
            this.#limit += 1;
            this.#quiet = 0;
        }
        this.#letIn();
    }

    /** One is over. */
    leave(): void {
        this.#inside -= 1;
        this.#letIn();
    }

    #letIn(): void {
        while (this.#inside < this.#limit && this.#waiting.length > 0) {
            this.#inside += 1;
            this.#waiting.shift()?.();
        }
    }
}
