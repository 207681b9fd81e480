import assert from "node:assert/strict";
import { Crowd } from "../../../workloads/injections/crowd.ts";

/** Whether a promise is settled once everything that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
    return await Promise.race([
        promise.then(() => true),
        new Promise<false>((resolve) => setImmediate(resolve, false)),
    ]);
}
const entering = (crowd: Crowd, count: number) => Promise.all(Array.from({ length: count }, () => crowd.enter()));

describe("crowd of injections", () => {
    it("lets in as many as there may be, and the next when one leaves", async () => {
        const crowd = new Crowd(2);
        await entering(crowd, 2);
        const third = crowd.enter();
        assert.equal(await isSettled(third), false);
        crowd.leave();
        assert.equal(await isSettled(third), true);
    });

    it("begins with four, and adds one for each that meets a quiet machine, up to all", async () => {
        const crowd = new Crowd(6);
        const [first = 0] = await entering(crowd, 4);
        const fifth = crowd.enter();
        assert.equal(await isSettled(fifth), false);
        crowd.note(first, false);
        assert.equal(await isSettled(fifth), true);
        for (let more = 0; more < 5; more++) crowd.note(first, false);
        assert.deepEqual([crowd.limit, crowd.isReduced], [6, false]);
    });

    it("takes a third away once for all that began before, and ends at one", async () => {
        const crowd = new Crowd(10);
        const four = await entering(crowd, 4);
        for (let more = 0; more < 6; more++) crowd.note(four[0] as number, false);
        assert.equal(crowd.limit, 10);
        for (const entered of four) crowd.note(entered, true);
        assert.deepEqual([crowd.limit, crowd.isReduced], [6, true]);
        for (const _ of four) crowd.leave();
        const limits: number[] = [];
        for (let more = 0; more < 4; more++) {
            crowd.note(await crowd.enter(), true);
            crowd.leave();
            limits.push(crowd.limit);
        }
        assert.deepEqual(limits, [4, 2, 1, 1]);
    });

    it("after that adds one only for as many quiet ones as go on at once", async () => {
        const crowd = new Crowd(4);
        crowd.note(await crowd.enter(), true);
        assert.equal(crowd.limit, 2);
        const entered = await crowd.enter();
        crowd.note(entered, false);
        assert.equal(crowd.limit, 2);
        crowd.note(entered, false);
        assert.deepEqual([crowd.limit, crowd.isReduced], [3, true]);
    });

    it("keeps those waiting that no longer have room, and knows whether one has company", async () => {
        const crowd = new Crowd(3);
        const [first = 0] = await entering(crowd, 3);
        const [fourth, fifth] = [crowd.enter(), crowd.enter()];
        crowd.note(first, true);
        crowd.leave();
        assert.equal(await isSettled(fourth), false);
        crowd.leave();
        assert.equal(await isSettled(fourth), true);
        assert.equal(await isSettled(fifth), false);
        assert.equal(crowd.isShared, true);
        crowd.leave();
        await fifth;
        crowd.leave();
        assert.equal(crowd.isShared, false);
    });
});
