import { setImmediate as turn } from "node:timers/promises";
import type { Done, Transport } from "../../../workloads/transport.ts";
import type { CountingClock } from "./counting-clock.ts";

/** Round trips of given lengths, optionally with untimed work of 1,000 ns after each. */
export class ScriptedTransport implements Transport {
    readonly misses = 0;
    readonly staleAcks = 0;
    rounds = 0;
    tidied = 0;
    readonly #clock: CountingClock;
    readonly #lengthOf: (round: number) => number | Error;
    readonly #how: "now" | "later" | "tidy";
    constructor(clock: CountingClock, lengthOf: (round: number) => number | Error, how: "now" | "later" | "tidy") {
        this.#clock = clock;
        this.#lengthOf = lengthOf;
        this.#how = how;
    }
    async open() {}
    async close() {}
    roundTrip(done: Done) {
        const length = this.#lengthOf(this.rounds++);
        const end = () => {
            if (length instanceof Error) return done(length);
            this.#clock.nowNs += length;
            done();
        };
        if (this.#how === "later") setImmediate(end);
        else end();
    }
    tidy() {
        if (this.#how !== "tidy") return undefined;
        return turn().then(() => {
            this.tidied += 1;
            this.#clock.nowNs += 1000;
        });
    }
}
