import assert from "node:assert/strict";
import fc from "fast-check";
import { parseInterfaces } from "../../../workloads/accounting/network-figures.ts";

describe("figures of interfaces", () => {
    it("are read with any column width", () => {
        const interfaces = fc.array(
            fc.record(
                {
                    name: fc.stringMatching(/^[a-z][a-z0-9_.-]{0,14}$/),
                    received: fc.nat(),
                    sent: fc.nat(),
                },
                { noNullPrototype: true },
            ),
            { minLength: 1 },
        );
        fc.assert(
            fc.property(interfaces, fc.nat(10), (values, width) => {
                const lines = values.map(({ name, received, sent }) => {
                    const columns = [received, 1, 2, 3, 4, 5, 6, 7, sent, 1, 2, 3, 4, 5, 6, 7];
                    return `${name.padStart(width)}:${columns.map((value) => `${value}`.padStart(width)).join(" ")}`;
                });
                assert.deepEqual(
                    parseInterfaces("/f", ["Inter-|  Receive", " face |bytes", ...lines, ""].join("\n")),
                    values,
                );
            }),
        );
    });

    it("are unavailable, not 0, if there is no interface", () => {
        assert.deepEqual(parseInterfaces("/f", "Inter-|  Receive\n face |bytes\n"), {
            unavailable: "/f: no interface",
        });
    });
});
