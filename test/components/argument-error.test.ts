import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, integerBetween, oneOf, quoted, refuse } from "../../components/argument-error.ts";

describe("refuse", () => {
    it("does nothing if nothing is wrong", () => {
        refuse("NetworkPair", "net", [undefined, undefined]);
    });

    it("reports one problem in one line", () => {
        const message = 'NetworkPair "net": rounds must be an integer from 1 to 9, got 0';
        assert.throws(() => refuse("NetworkPair", "net", [undefined, integerBetween("rounds", 0, 1, 9)]), { message });
    });

    it("reports all problems at once, one per line", () => {
        assert.throws(() => refuse("Pod", "a", ["one is wrong", undefined, "two is wrong"]), {
            message: 'Pod "a": \n  one is wrong\n  two is wrong',
        });
    });

    it("reports a name from which no names of objects can be made", () => {
        for (const name of ["", "Net", "net_1", "-net", "n".repeat(40)])
            assert.throws(() => refuse("Pod", name, []), /its name must be at most 39 lower-case letters/, name);
        for (const name of ["n", "net-1", "n".repeat(39)]) refuse("Pod", name, []);
        refuse("Pod", "n".repeat(44), [], 44);
    });

    it("throws an error that Pulumi prints without a stack trace", () => {
        assert.throws(
            () => refuse("Pod", "a", ["wrong"]),
            (error) => error instanceof ArgumentError && pulumi.RunError.isInstance(error),
        );
    });
});

describe("argument rules", () => {
    it("allow both ends of a range and no fraction, NaN or neighbour", () => {
        for (const value of [1, 9]) assert.equal(integerBetween("n", value, 1, 9), undefined);
        for (const value of [0, 10, 1.5, Number.NaN]) assert.ok(integerBetween("n", value, 1, 9), String(value));
    });

    it("list the allowed words and the value received", () => {
        assert.equal(oneOf("medium", "Memory", ["Memory", "Disk"]), undefined);
        assert.equal(oneOf("medium", "disk", ["Memory", "Disk"]), 'medium must be one of Memory, Disk, got "disk"');
    });

    it("show even values that JSON can't represent", () => {
        assert.deepEqual([quoted(undefined), quoted("a"), quoted(1)], ["undefined", '"a"', "1"]);
    });
});
