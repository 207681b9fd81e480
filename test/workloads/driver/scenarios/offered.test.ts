import assert from "node:assert/strict";
import fc from "fast-check";
import { entryOf, mergedLedgers } from "../../../../model/ledger.ts";
import { Ledgers } from "../../../../workloads/driver/scenarios/ledgers.ts";
import { FlowLog } from "../../../../workloads/driver/scenarios/offered.ts";
import type { PodView } from "../../../../workloads/injections/scenario.ts";
import { type Ended, endings, type Records } from "../../../../workloads/scenario/api.ts";
import { fakeStage, running } from "../../injections/fake-stage.ts";

const ended = (sequence: number, ending: number, microseconds = 0): Ended => [sequence, ending, microseconds, 5, 1];
const { acknowledged, failed, unanswered } = endings;

/** Initiators by the uid of their Pod: what each has offered, or an error if it does not answer. */
type Initiators = Record<string, Partial<Records> | Error>;

function stageOf(initiators: Initiators, pods: PodView[]) {
    const { stage, world } = fakeStage({
        answers: {
            "GET /scenario/records": (path, pod) => {
                const found = initiators[pod?.uid ?? ""];
                if (found === undefined || found instanceof Error) throw found ?? new Error("gone");
                const after = Number(/after=(\d+)/.exec(String(path))?.[1]);
                const all = found.ended ?? [];
                return {
                    bootId: pod?.uid,
                    from: 0,
                    next: 10,
                    isDone: false,
                    cpuSeconds: 1,
                    ...found,
                    ended: all.slice(after),
                };
            },
        },
    });
    world.pods = pods;
    return stage;
}
const podOf = (uid: string, isEnding = false): PodView => ({ ...running, uid, isEnding });
const kinds = (log: FlowLog, slots: number) => log.messages(slots, () => undefined).map(({ sent }) => sent.kind);

describe("what initiators say of a flow", () => {
    it("is of all that live: the acknowledgement of one counts, and of two the earlier one", async () => {
        const pods = [podOf("a"), podOf("b")];
        const one = { ended: [ended(0, acknowledged, 900), ended(1, failed), ended(2, acknowledged, 100)], next: 3 };
        const other = {
            ended: [ended(0, acknowledged, 200), ended(1, acknowledged, 300), ended(2, unanswered)],
            next: 3,
        };
        const log = new FlowLog("once");
        await log.read(stageOf({ a: one, b: other }, pods));
        const seconds = log
            .messages(3, () => undefined)
            .map(({ sent }) => sent.kind === "acknowledged" && sent.seconds);
        assert.deepEqual(seconds, [200e-6, 300e-6, 100e-6]);
        assert.equal(log.processes, 2);
    });

    it("is read from its beginning if another process has taken over in the same Pod", async () => {
        const log = new FlowLog("once");
        await log.read(
            stageOf({ a: { bootId: "first", next: 2, ended: [ended(0, acknowledged), ended(1, unanswered)] } }, [
                podOf("a"),
            ]),
        );
        await log.read(
            stageOf({ a: { bootId: "second", from: 4, next: 6, ended: [ended(4, acknowledged)] } }, [podOf("a")]),
        );
        assert.deepEqual(kinds(log, 6), [
            "acknowledged",
            "unanswered",
            "not-offered",
            "not-offered",
            "acknowledged",
            "unanswered",
        ]);
    });

    it("includes what a Pod said that is ending; nobody waits for it", async () => {
        const log = new FlowLog("once");
        const stage = stageOf({ a: { ended: [ended(0, failed)], next: 1 }, b: { from: 1, next: 2 } }, [
            podOf("a", true),
            podOf("b"),
        ]);
        await log.read(stage);
        await new Promise(setImmediate);
        assert.deepEqual(kinds(log, 2), ["failed", "unanswered"]);
        await new FlowLog("once").read(stageOf({ b: {} }, [podOf("a", true), podOf("b")]));
        await assert.rejects(new FlowLog("once").read(stageOf({ a: {} }, [podOf("a", true)])), /no initiator/);
    });

    it("is of each Pod by itself if its messages count so, from its first to the last that is known", async () => {
        const log = new FlowLog("once");
        const one = { from: 0, next: 3, ended: [ended(0, acknowledged, 900), ended(1, failed), ended(2, failed)] };
        const other = { from: 1, next: 4, ended: [ended(1, acknowledged, 300)], isDone: true };
        await log.read(stageOf({ a: one, b: other }, [podOf("a"), podOf("b")]));
        assert.deepEqual(log.pods, [
            { uid: "a", from: 0, next: 3, isDone: false },
            { uid: "b", from: 1, next: 4, isDone: true },
        ]);
        const ofPod = (uid: string) => log.messages(4, () => undefined, uid).map(({ sent }) => sent.kind);
        assert.deepEqual(ofPod("a"), ["acknowledged", "failed", "failed", "not-offered"]);
        assert.deepEqual(ofPod("b"), ["not-offered", "acknowledged", "unanswered", "unanswered"]);
        assert.deepEqual(kinds(log, 4), ["acknowledged", "acknowledged", "failed", "unanswered"]);
    });

    it("is done once every process that lives is", async () => {
        const log = new FlowLog("once");
        assert.ok(!log.isDone);
        await log.read(stageOf({ a: { isDone: true }, b: { isDone: false } }, [podOf("a"), podOf("b")]));
        assert.ok(!log.isDone);
        await log.read(stageOf({ a: { isDone: false }, b: { isDone: true } }, [podOf("a", true), podOf("b")]));
        assert.ok(log.isDone);
    });
});

describe("the ledgers of several responders", () => {
    it("are one: arrivals are added, and flags kept", async () => {
        const answers = {
            "GET /scenario/ledger": (_: unknown, pod?: PodView) => ({
                entries: Buffer.from(pod?.uid === "a" ? [1, 0x41] : [1, 0x81, 3]).toString("base64"),
            }),
        };
        const { stage, world } = fakeStage({ answers });
        world.pods = [podOf("a"), podOf("b"), podOf("c", true)];
        const ledgers = new Ledgers();
        await ledgers.read(stage, ["once"]);
        assert.deepEqual([...ledgers.merged("once")], [2, 0xc2, 3]);
        assert.deepEqual([...ledgers.of("once", "a")], [1, 0x41]);
        assert.equal(ledgers.of("once", "c").length, 0);
    });

    it("keep what a Pod had received that is gone, as far as it was read; nobody waits for one that is ending", async () => {
        let isGone = false;
        const answers = {
            "GET /scenario/ledger": (_: unknown, pod?: PodView) => {
                if (pod?.uid === "a" && isGone) throw new Error("gone");
                return { entries: Buffer.from(pod?.uid === "a" ? [1] : [0, 1]).toString("base64") };
            },
        };
        const { stage, world } = fakeStage({ answers });
        const ledgers = new Ledgers();
        ledgers.glance(stage, ["once"], [podOf("a", true)]);
        await new Promise(setImmediate);
        isGone = true;
        ledgers.glance(stage, ["once"], [podOf("a", true)]);
        await new Promise(setImmediate);
        world.pods = [podOf("b")];
        await ledgers.read(stage, ["once"]);
        assert.deepEqual([...ledgers.merged("once")], [1, 1]);
        world.pods = [podOf("a")];
        await assert.rejects(ledgers.read(stage, ["once"]), /gone/);
        world.pods = [];
        await assert.rejects(ledgers.read(stage, ["once"]), /no responder/);
    });

    it("know what one of them knows, whatever it is", () => {
        const ledger = fc.uint8Array({ maxLength: 20 });
        fc.assert(
            fc.property(ledger, ledger, (one, other) => {
                for (const [sequence, byte] of mergedLedgers(one, other).entries()) {
                    const [entry, mine, theirs] = [byte, one[sequence] ?? 0, other[sequence] ?? 0].map(entryOf);
                    if (!entry || !mine || !theirs) return false;
                    if (entry.received !== Math.min(63, mine.received + theirs.received)) return false;
                    if (entry.corrupt !== (mine.corrupt || theirs.corrupt)) return false;
                    if (entry.outOfOrder !== (mine.outOfOrder || theirs.outOfOrder)) return false;
                }
                return true;
            }),
        );
    });
});
