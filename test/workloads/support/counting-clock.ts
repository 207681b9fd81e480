/** A clock that moves only when told. */
export class CountingClock {
    nowNs = 1000;
    readonly now = () => this.nowNs;
}
