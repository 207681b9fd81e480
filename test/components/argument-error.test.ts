import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, integerBetween, oneOf, quoted, refuse } from "../../components/argument-error.ts";

describe("refuse", () => {
    it("does nothing where nothing is wrong", () => {
        refuse("NetworkPair", [undefined, undefined]);
    });

    it("says one fault in one line", () => {
        const message = 'NetworkPair "net": rounds must be an integer from 1 to 9, got 0';
        assert.throws(() => refuse('NetworkPair "net"', [undefined, integerBetween("rounds", 0, 1, 9)]), { message });
    });

    it("says all faults at once, a line each", () => {
        assert.throws(() => refuse("Pod", ["one is wrong", undefined, "two is wrong"]), {
            message: "Pod: \n  one is wrong\n  two is wrong",
        });
    });

    it("throws what Pulumi prints without a stack", () => {
        assert.throws(
            () => refuse("Pod", ["wrong"]),
            (error) => error instanceof ArgumentError && pulumi.RunError.isInstance(error),
        );
    });
});

describe("argument rules", () => {
    it("allow both ends of a range and no fraction, NaN or neighbour", () => {
        for (const value of [1, 9]) assert.equal(integerBetween("n", value, 1, 9), undefined);
        for (const value of [0, 10, 1.5, Number.NaN]) assert.ok(integerBetween("n", value, 1, 9), String(value));
    });

    it("name the words that are allowed, and what came", () => {
        assert.equal(oneOf("medium", "Memory", ["Memory", "Disk"]), undefined);
        assert.equal(oneOf("medium", "disk", ["Memory", "Disk"]), 'medium must be one of Memory, Disk, got "disk"');
    });

    it("show even what JSON can't", () => {
        assert.deepEqual([quoted(undefined), quoted("a"), quoted(1)], ["undefined", '"a"', "1"]);
    });
});
