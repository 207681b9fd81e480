import type { Scenario } from "./scenario.ts";

/** From nothing to the first acknowledged message. */
export const startUp: Scenario = {
    name: "start-up",
    group: "failures",
    does: "the instance's Pods are created, while messages are due from the first moment on",
    phaseSeconds: 0,
    watchSeconds: 90,
    usualSeconds: 5,
    startsEmpty: true,
    expects: {
        network: {
            text: "two Pods, an endpoint and a name: 1 to 15 s",
            bounds: [{ flow: "once", figure: "outageSeconds", least: 1, most: 15 }],
        },
        volume: {
            text: "one Pod with two containers: 1 to 10 s",
            bounds: [{ flow: "once", figure: "outageSeconds", least: 1, most: 10 }],
        },
    },
    rules: [],
    async inject(stage) {
        await stage.scale(1);
        const isServing = () =>
            (stage.pod("initiator")?.isReady ?? false) && (stage.pod("responder")?.isReady ?? false);
        await stage.until("ready Pods", isServing, 80);
        return "Pods created after t = 0, then ready";
    },
};
