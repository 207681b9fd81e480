/** A clock that moves only when set. */
export class CountingClock {
    nowNs = 1000;
    readonly now = () => this.nowNs;
    #seen = Number.NaN;

    /** The same clock for waiting code: moves by 10 ns if nothing else has moved it since the last call. */
    readonly waiting = () => {
        if (this.nowNs === this.#seen) this.nowNs += 10;
        this.#seen = this.nowNs;
        return this.nowNs;
    };
}
