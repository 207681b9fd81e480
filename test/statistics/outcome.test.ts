import assert from "node:assert/strict";
import fc from "fast-check";
import { outcomes } from "../../model/outcomes.ts";
import { outcomeOf, type Received, type Sent } from "../../statistics/outcome.ts";

const deadline = 1;
const acknowledged = (seconds: number): Sent => ({ kind: "acknowledged", seconds });

describe("the outcome of a slot", () => {
    for (const [outcome, sent, received] of [
        ["on-time", acknowledged(1), 1],
        ["on-time", acknowledged(0.5), 2], // a duplicate arrived all the same
        ["on-time", acknowledged(0.5), undefined],
        ["late", acknowledged(1.5), 1],
        ["late", acknowledged(1.5), undefined],
        ["lost", acknowledged(0.5), 0],
        ["lost", acknowledged(1.5), 0],
        ["failed", { kind: "failed" }, 0],
        ["failed", { kind: "failed" }, undefined],
        ["failed", { kind: "unanswered" }, 0],
        ["delivered-unacknowledged", { kind: "failed" }, 1],
        ["delivered-unacknowledged", { kind: "unanswered" }, 3],
        ["unknown", { kind: "unanswered" }, undefined],
        ["not-offered", { kind: "not-offered" }, 0],
        ["not-offered", { kind: "not-offered" }, undefined],
        ["delivered-unacknowledged", { kind: "not-offered" }, 1], // its initiator died before it said so
    ] as [string, Sent, Received][]) {
        it(`is ${outcome} if it was ${JSON.stringify(sent)} and the ledger has it ${received ?? "no more"}`, () => {
            assert.equal(outcomeOf(sent, received, deadline), outcome);
        });
    }

    it("is one of the known ones, whatever both ends say", () => {
        const sent = fc.oneof(
            fc.double({ min: 0, max: 100, noNaN: true }).map(acknowledged),
            fc.constantFrom<Sent>({ kind: "failed" }, { kind: "unanswered" }, { kind: "not-offered" }),
        );
        const received = fc.option(fc.nat(5), { nil: undefined });
        fc.assert(fc.property(sent, received, (one, other) => outcomes.includes(outcomeOf(one, other, deadline))));
    });
});
