import type { Elasticity, ReplicaStep } from "../../../model/elasticity.ts";
import type { Counters } from "../../../model/trial.ts";
import { firstTime, mismatchOf, overlapOf, replicasFor, spansOf, stepsOf } from "../../../statistics/elasticity.ts";
import { toMilliseconds } from "../../../statistics/rounding.ts";
import { Impossible, NotInjected, type PodView, type Stage, type Surge } from "../../injections/scenario.ts";
import { epochSeconds } from "../../scenario/epoch.ts";
import type { InstanceStage } from "./stage.ts";

/** Until a new Pod, or one whose load has fallen, is calm; and before a load changes. */
const [settleSeconds, marginSeconds] = [5, 0.5];
/** How often the autoscaler is asked. */
const askSeconds = 1;
/** A Pod that has received no message for so long is idle. */
const idleAfterSeconds = 10;

/** When a Pod received messages of a flow, in seconds after the event, ascending. */
export type Arrivals = readonly (readonly number[])[];

/** What an autoscaler does in an injection, and what the load needs. */
export class Autoscaling {
    readonly #stage: Stage & Pick<InstanceStage, "replicas">;
    readonly #surge: Surge;
    readonly #now: () => number;
    /** What it wanted whenever it was asked, and its complaints; times are the driver's. */
    readonly #wanted: ReplicaStep[] = [];
    readonly #complaints = new Set<string>();
    #askedSeconds = 0;
    #cores = { idleCores: 0, usualCores: 0, higherCores: 0, targetCores: 0 };

    /** @param now seconds since 1970 */
    constructor(stage: Stage & Pick<InstanceStage, "replicas">, surge: Surge, now: () => number = epochSeconds) {
        this.#now = now;
        this.#stage = stage;
        this.#surge = surge;
    }

    /** Measures what the responder uses without messages. */
    async begin(): Promise<void> {
        await this.#stage.wait(settleSeconds);
        this.#cores.idleCores = await this.#coresUntil(this.#now() + this.#surge.idleSeconds);
    }

    /**
     * Measures what it uses at the higher and at the usual rate, and creates the autoscaler, whose target is between both.
     * @param fromSeconds when messages begin to count
     * @throws NotInjected unless one replica is enough for the usual load, and not for the higher one
     */
    async calibrate(fromSeconds: number): Promise<void> {
        const { higherSeconds, usualSeconds } = this.#surge;
        const steady = fromSeconds + higherSeconds;
        await this.#until(fromSeconds + higherSeconds / 2);
        const higherCores = await this.#coresUntil(steady - marginSeconds);
        await this.#until(steady + settleSeconds);
        const usualCores = await this.#coresUntil(steady + usualSeconds);
        this.#cores = { ...this.#cores, usualCores, higherCores, targetCores: Math.sqrt(usualCores * higherCores) };
        const [usual, during] = this.#demand();
        if (usual !== 1 || during === 1) {
            const used = [this.#cores.idleCores, usualCores, higherCores].map(
                (cores) => `${(1000 * cores).toFixed(1)}m`,
            );
            throw new NotInjected(
                `the usual load needs ${usual} of the responder and the higher one ${during}: it uses ${used.join(", ")} of CPU without messages, at the usual and at the higher rate`,
            );
        }
        await this.#stage.kube.createAutoscaler(this.#surge, this.#cores.targetCores);
        this.#wanted.push({ atSeconds: this.#now(), replicas: 1 });
    }

    /** Called just before the event. @throws NotInjected if there is more than one replica already */
    check(): void {
        const { length } = this.#stage.pods("responder");
        if (length > 1) throw new NotInjected(`the autoscaler asked for ${length} replicas before the load rose`);
    }

    /** Asks the autoscaler, if that was not just done. */
    async read(): Promise<void> {
        if (this.#now() - this.#askedSeconds < askSeconds) return;
        this.#askedSeconds = this.#now();
        const found = await this.#stage.kube.readAutoscaler().catch(() => this.#stage.signal.throwIfAborted());
        if (found === undefined) return;
        const { wanted, complaints } = found;
        const before = this.#wanted.at(-1)?.replicas;
        if (before !== undefined && wanted !== before) this.#stage.mark(`autoscaler wants ${wanted}`);
        this.#wanted.push({ atSeconds: this.#now(), replicas: wanted });
        for (const complaint of complaints) this.#complaints.add(complaint);
    }

    /** What it did. @param arrivals of each flow, by Pod */
    record(zero: number, arrivals: ReadonlyMap<string, Arrivals>): Elasticity {
        const { seconds, calmSeconds } = this.#surge;
        const relative = (steps: readonly ReplicaStep[]) =>
            stepsOf(steps).map(({ atSeconds, replicas }) => ({
                atSeconds: toMilliseconds(atSeconds - zero),
                replicas,
            }));
        const [usual, during] = this.#demand();
        const demand = [
            { atSeconds: -1, replicas: usual },
            { atSeconds: 0, replicas: during },
            { atSeconds: seconds, replicas: usual },
        ];
        const pods = [...this.#stage.replicas.values()];
        const ready = relative(
            overlapOf(pods.map(({ readySeconds, endSeconds }) => ({ from: readySeconds, to: endSeconds }))),
        );
        const more = firstTime(ready, 0, (replicas) => replicas > usual);
        const fewer = firstTime(ready, seconds, (replicas) => replicas <= usual);
        return {
            ...this.#cores,
            demand,
            wanted: relative(this.#wanted),
            ready,
            flows: [...arrivals].map(([flow, ofPods]) => {
                const receiving = this.#takers(ofPods, seconds + calmSeconds);
                return { flow, receiving, ...mismatchOf(demand, receiving, seconds + calmSeconds) };
            }),
            ...(more !== undefined && { firstPodSeconds: more }),
            ...(more !== undefined && fewer !== undefined && { scaledDownSeconds: fewer - seconds }),
            complaints: [...this.#complaints],
        };
    }

    /** Removes the autoscaler. */
    async end(): Promise<void> {
        await this.#stage.kube.deleteAutoscaler();
    }

    /** Replicas that the usual load needs, and those that the higher one does. */
    #demand(): [usual: number, during: number] {
        const { usualCores, higherCores } = this.#cores;
        return [replicasFor(usualCores, this.#cores), replicasFor(higherCores, this.#cores)];
    }

    /** Replicas that take messages of an initiator; each Pod that shares a volume has its own, which no other can relieve. */
    #takers(ofPods: Arrivals, until: number): ReplicaStep[] {
        const spans = ofPods.flatMap((arrivals) => spansOf(arrivals, idleAfterSeconds, until));
        const most = this.#stage.instance.topology === "volume" ? 1 : Number.POSITIVE_INFINITY;
        const steps = overlapOf(spans).map(({ atSeconds, replicas }) => ({
            atSeconds: toMilliseconds(atSeconds),
            replicas: Math.min(most, replicas),
        }));
        return steps.length === 0 ? [{ atSeconds: 0, replicas: 0 }] : stepsOf(steps);
    }

    /** Mean cores of the first responder's container until then. @throws Impossible if they can't be read */
    async #coresUntil(seconds: number): Promise<number> {
        const [pod] = this.#stage.pods("responder");
        const [from, before] = await this.#cpu(pod);
        await this.#until(seconds);
        const [to, after] = await this.#cpu(pod);
        return (after - before) / (to - from);
    }

    async #until(seconds: number): Promise<void> {
        await this.#stage.wait(Math.max(0, seconds - this.#now()));
    }

    /** CPU seconds that it has used so far, and when. */
    async #cpu(pod: PodView | undefined): Promise<[atSeconds: number, cpuSeconds: number]> {
        const { cpuSeconds } = await this.#stage.agent<Counters>("responder", "GET", "/counters", undefined, pod);
        if (typeof cpuSeconds === "number") return [this.#now(), cpuSeconds];
        throw new Impossible(`the responder's CPU can't be read: ${cpuSeconds.unavailable}`);
    }
}
