import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { SharedEvent } from "../../../../workloads/driver/scenarios/shared-event.ts";
import { NotInjected } from "../../../../workloads/injections/scenario.ts";

const wait = (seconds: number) => sleep(1000 * seconds);

/** An event of three instances, which counts the outages. */
function eventOf({
    limitSeconds = 20,
    goDown = async () => {},
}: {
    limitSeconds?: number;
    goDown?: () => Promise<void>;
}) {
    const asked: number[] = [];
    const apiServer = {
        goDown: (seconds: number) => {
            asked.push(seconds);
            return goDown();
        },
        comeBack: async () => 61,
    };
    return { event: new SharedEvent(["a", "b", "c"], apiServer, limitSeconds), asked };
}

/** Whether somebody still waits after a moment. */
async function isWaiting(meeting: Promise<void>): Promise<boolean> {
    return (await Promise.race([meeting.then(() => "met"), sleep(200, "waiting")])) === "waiting";
}

describe("an event that several instances meet", () => {
    it("waits until all are there, and is one for all", async () => {
        const { event, asked } = eventOf({});
        const first = [event.meet("a", wait), event.meet("b", wait)];
        assert.deepEqual(await Promise.all(first.map(isWaiting)), [true, true]);
        await Promise.all([...first, event.meet("c", wait)]);
        await Promise.all([1, 2, 3].map(() => event.goDown(60)));
        assert.deepEqual(asked, [60]);
        assert.deepEqual(await Promise.all([event.comeBack(), event.comeBack()]), [61, 61]);
    });

    it("does not wait for an injection that has failed before", async () => {
        const { event } = eventOf({});
        const others = [event.meet("a", wait), event.meet("c", wait)];
        assert.ok(await isWaiting(others[0] as Promise<void>));
        event.leave("b");
        await Promise.all(others);
    });

    it("waits only so long; who comes later is void, since it would meet half of it", async () => {
        const { event } = eventOf({ limitSeconds: 0.3 });
        await Promise.all([event.meet("a", wait), event.meet("b", wait)]);
        await assert.rejects(event.meet("c", wait), NotInjected);
    });

    it("fails for all if it does not happen", async () => {
        const { event, asked } = eventOf({ goDown: () => Promise.reject(new Error("nobody")) });
        for (const _ of ["a", "b"]) await assert.rejects(event.goDown(60), /nobody/);
        assert.equal(asked.length, 1);
    });

    it("ends its waiting with the run", async () => {
        const { event } = eventOf({});
        const stopped = AbortSignal.timeout(100);
        await assert.rejects(event.meet("a", (seconds) => sleep(1000 * seconds, undefined, { signal: stopped })));
    });
});
