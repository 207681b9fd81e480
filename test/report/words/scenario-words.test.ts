import assert from "node:assert/strict";
import { targetList } from "../../../report/words/scenario-words.ts";

describe("a list of scenarios on topologies", () => {
    const both = (scenario: string) => ["network", "volume"].map((topology) => ({ scenario, topology }));
    const tmpfs = { scenario: "volume-full/tmpfs", topology: "volume" };
    const all = [...both("start-up"), ...both("hang/blind-probe"), tmpfs];

    it("names the topology only if not all of the scenario are listed", () => {
        assert.equal(targetList(all, all), "start-up, hang/blind-probe, volume-full/tmpfs");
        assert.equal(targetList(all.slice(1, 3), all), "start-up (volume), hang/blind-probe (network)");
        assert.equal(targetList([], all), "");
    });
});
