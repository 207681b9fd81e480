/** A clock that moves only when told. */
export class CountingClock {
    nowNs = 1000;
    readonly now = () => this.nowNs;
    #seen = Number.NaN;

    /** The same time for one who waits: moves by 10 ns where nothing else has moved it since it was last asked. */
    readonly waiting = () => {
        if (this.nowNs === this.#seen) this.nowNs += 10;
        this.#seen = this.nowNs;
        return this.nowNs;
    };
}
