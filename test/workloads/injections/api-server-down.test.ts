import assert from "node:assert/strict";
import { batchesOf, meetsAll } from "../../../workloads/injections/batches.ts";
import { Impossible, NotInjected } from "../../../workloads/injections/scenario.ts";
import { scenarioOf } from "../../../workloads/injections/scenarios.ts";
import { fakeStage } from "./fake-stage.ts";

const { inject } = scenarioOf("api-server-down");

describe("api-server-down", () => {
    it("is proven by how long the API server did not answer, and watches what happens after its return", async () => {
        const asked: number[] = [];
        const { stage, world } = fakeStage({
            apiServer: { goDown: async (seconds) => void asked.push(seconds), comeBack: async () => 61.4 },
        });
        assert.equal(await inject(stage), "the API server did not answer for 61 s");
        assert.deepEqual(asked, [60]);
        assert.deepEqual(world.marks, ["API server away", "API server back"]);
        assert.ok(world.seconds >= 30);
        assert.deepEqual(world.calls, []);
    });

    it("is void after a shorter outage", async () => {
        for (const [seconds, isVoid] of [
            [47, true],
            [49, false],
        ] as const) {
            const injected = inject(fakeStage({ apiServer: { comeBack: async () => seconds } }).stage);
            if (isVoid) await assert.rejects(injected, NotInjected);
            else await injected;
        }
    });

    it("is skipped if nobody stops it", async () => {
        const goDown = () => Promise.reject(new Impossible("nobody stopped it"));
        const { stage, world } = fakeStage({ apiServer: { goDown } });
        await assert.rejects(inject(stage), Impossible);
        assert.deepEqual(world.marks, []);
    });
});

describe("injections whose event meets all instances", () => {
    const instances = [
        { name: "net-1", topology: "network" },
        { name: "net-2", topology: "network" },
        { name: "vol-1", topology: "volume", volumes: ["main" as const] },
        { name: "claim", topology: "volume", volumes: ["claim" as const] },
    ];
    const planned = (...topologies: string[]) =>
        topologies.map((topology, index) => ({ index, scenario: "api-server-down", topology }));
    const namesOf = (injections: ReturnType<typeof planned>) =>
        batchesOf(instances, injections).map((batch) =>
            batch.map(({ instance, injection }) => `${injection.index} in ${instance.name}`),
        );

    it("are those of the API server, and no others", () => {
        assert.ok(meetsAll({ scenario: "api-server-down" }));
        for (const scenario of ["kill-process", "partition", "sham"]) assert.ok(!meetsAll({ scenario }), scenario);
    });

    it("share as few events as there can be, with at most one injection per instance that can serve it", () => {
        assert.deepEqual(namesOf(planned("network", "volume", "network", "network", "volume", "volume")), [
            ["0 in net-1", "2 in net-2", "1 in vol-1"],
            ["3 in net-1", "4 in vol-1"],
            ["5 in vol-1"],
        ]);
    });

    it("are left out without an instance that can serve them", () => {
        assert.deepEqual(batchesOf([], planned("network")), []);
        assert.deepEqual(batchesOf([instances[3] as (typeof instances)[0]], planned("volume", "network")), []);
    });
});
