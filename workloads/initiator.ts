import { usageBetween } from "../statistics/usage.ts";
import { counterReader } from "./accounting/counters.ts";
import type { Measure, Measured, Payload, Prepare, StartTrial } from "./agent/api.ts";
import { monotonicClock } from "./clock.ts";
import { observeCollections } from "./collections.ts";
import { type Extras, type MeasurePlan, measure } from "./measure.ts";
import { Pace } from "./pace.ts";
import { OutgoingPayload } from "./payload.ts";
import { PhaseRecorder } from "./phases.ts";
import { type LaneRun, spanOf, summarize } from "./summary.ts";
import type { Transport } from "./transport.ts";
import type { TrialHandlers } from "./trial-child.ts";

/** A round trip that takes longer fails; seconds. */
export const roundDeadlineSeconds = 5;
/** Most round trips of a cell: a minute at 60 us. A full array ends the cell early. */
const capacity = 2 ** 20;
/** The same for a phases cell, which keeps several numbers for each. */
const phasesCapacity = 2 ** 16;

/** Creates a lane's transport: lane 0's when the trial starts, others' with the first cell that needs them. */
export type OpenLane = (payload: OutgoingPayload, lane: number) => Promise<Transport>;

/** One round trip in flight, and its samples. */
interface Lane {
    transport: Transport;
    payload: OutgoingPayload;
    samples: Float64Array;
}

/** A prepared cell. */
interface Cell {
    mode: Prepare["mode"];
    lanes: Lane[];
    phases: PhaseRecorder | undefined;
}

/** The initiator's measured process, for any transport. */
export async function initiator(trial: StartTrial, openLane: OpenLane): Promise<TrialHandlers> {
    const samples = new Float64Array(capacity);
    const counters = counterReader(process.pid);
    const lanes: Lane[] = [];
    let cell: Cell | undefined;

    const addLane = async (largest: number) => {
        const payload = new OutgoingPayload(trial, lanes.length, largest);
        lanes.push({ transport: await openLane(payload, lanes.length), payload, samples });
    };
    await addLane(trial.maxSize);

    return {
        async prepare({ size, mode, concurrency }: Prepare): Promise<Payload[]> {
            cell = undefined;
            while (lanes.length < concurrency) await addLane(size);
            for (const [index, { transport, payload }] of lanes.entries()) {
                if (index < concurrency) payload.open(size);
                transport.moments = undefined;
                await transport.open(size, concurrency); // idle ones too: they free their space on the volume
            }
            const used = lanes.slice(0, concurrency);
            const phases = notePhases(trial.arm, used[0] as Lane, mode);
            const share = Math.floor((phases === undefined ? capacity : phasesCapacity) / concurrency);
            for (const [index, lane] of used.entries()) {
                lane.samples = samples.subarray(index * share, (index + 1) * share);
                await measure(lane.transport, oneRoundTrip, lane.samples, monotonicClock);
            }
            cell = { mode, lanes: used, phases };
            return used.map(({ payload }) => payload.describe());
        },
        async measure(body: Measure): Promise<Measured> {
            if (cell === undefined) throw new Error("no cell is prepared in this trial; POST /prepare first");
            const { lanes, phases } = cell;
            const { plan, extras } = planOf(body, cell);
            const [misses, staleAcks] = [sumOf(lanes, "misses"), sumOf(lanes, "staleAcks")];
            const collections = observeCollections();
            const before = counters();
            const ended = await Promise.allSettled(
                lanes.map(({ transport, samples }) => measure(transport, plan, samples, monotonicClock, extras)),
            );
            const after = counters();
            collections.stop();
            const runs = runsOf(ended, lanes);
            const { fromNs, toNs } = spanOf(runs);
            return {
                cell: {
                    ...summarize(runs),
                    misses: sumOf(lanes, "misses") - misses,
                    staleAcks: sumOf(lanes, "staleAcks") - staleAcks,
                    gc: await collections.between(fromNs, toNs),
                    ...(phases && { phases: phases.summarize((runs[0] as LaneRun).samples) }),
                },
                usage: usageBetween(before, after),
                last: lanes.map(({ payload }) => payload.describe()),
            };
        },
        close: async () => {
            await Promise.all(lanes.map(({ transport }) => transport.close()));
        },
    };
}

const oneRoundTrip: MeasurePlan = { seconds: 0, roundTrips: 1, roundDeadlineSeconds };

/** Makes the transport record its moments in a phases cell. */
function notePhases(arm: string, { transport }: Lane, mode: Prepare["mode"]): PhaseRecorder | undefined {
    if (mode !== "phases") return undefined;
    const { phases } = transport;
    if (phases === undefined) throw new Error(`${arm} has no phases, because its round trip has no parts`);
    transport.moments = new Float64Array(phases.length - 1);
    return new PhaseRecorder(phases, transport.moments, phasesCapacity);
}

/** How each lane of the cell is measured. */
function planOf({ seconds, roundTrips, ratePerSecond }: Measure, cell: Cell): { plan: MeasurePlan; extras: Extras } {
    if ((cell.mode === "constant-rate") !== (ratePerSecond !== undefined)) {
        const rate = ratePerSecond ?? "none";
        throw new Error(`ratePerSecond must be set only for constant-rate cells, got ${rate} for a ${cell.mode} cell`);
    }
    if (ratePerSecond === undefined) {
        const share = Math.ceil(roundTrips / cell.lanes.length);
        return { plan: { seconds, roundTrips: share, roundDeadlineSeconds }, extras: { phases: cell.phases } };
    }
    // All round trips due in that time are done, however long they take: leaving some out would drop just those that
    // waited.
    const due = Math.max(roundTrips, Math.ceil(seconds * ratePerSecond));
    const pace = new Pace(ratePerSecond, monotonicClock);
    return { plan: { seconds: 0, roundTrips: due, roundDeadlineSeconds }, extras: { pace } };
}

/**
 * The run of each lane; called when all have ended, so that none continues into the next cell.
 * @throws the error of the first lane that failed
 */
function runsOf(ended: PromiseSettledResult<LaneRun["run"]>[], lanes: readonly Lane[]): LaneRun[] {
    return ended.map((end, index) => {
        if (end.status === "rejected") throw end.reason;
        const { samples } = lanes[index] as Lane;
        return { run: end.value, samples: samples.subarray(0, end.value.count) };
    });
}

function sumOf(lanes: readonly Lane[], figure: "misses" | "staleAcks"): number {
    return lanes.reduce((sum, { transport }) => sum + transport[figure], 0);
}
