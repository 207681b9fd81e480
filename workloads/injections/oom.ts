import { allArrive } from "./bounds.ts";
import { responderOf, restarted } from "./restart.ts";
import { NotInjected, type Scenario } from "./scenario.ts";

/** Too much memory. The kernel ends the whole container, since Kubernetes groups its processes (memory.oom.group). */
export const oom: Scenario = {
    name: "oom",
    group: "failures",
    does: "the responder allocates memory beyond its limit",
    phaseSeconds: 1,
    watchSeconds: 60,
    usualSeconds: 5,
    expects: {
        network: {
            text: "the container restarts with the reason OOMKilled: 0.5 to 8 s; `retry` loses nothing",
            bounds: [...allArrive, { flow: "once", figure: "outageSeconds", least: 0.5, most: 8 }],
        },
        volume: {
            text: "the same: restart with the reason OOMKilled; the writer, and what it wrote, are not touched",
            bounds: [...allArrive, { flow: "once", figure: "outageSeconds", most: 8 }],
        },
    },
    rules: [],
    async inject(stage) {
        const before = responderOf(stage).restarts;
        await stage.agent("responder", "POST", "/scenario/fault", { kind: "allocate" });
        await restarted(stage, before, 30);
        const { lastEnd } = responderOf(stage);
        if (lastEnd?.reason !== "OOMKilled")
            throw new NotInjected(`the container ended with the reason ${lastEnd?.reason}, expected OOMKilled`);
        return "reason OOMKilled";
    },
};
