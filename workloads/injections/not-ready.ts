import { noEffect, onceLosesNone } from "./bounds.ts";
import { NotInjected, type Scenario } from "./scenario.ts";

const unreadySeconds = 35;

/** The responder works, but says that it does not. Only what is routed by readiness notices. */
export const notReady: Scenario = {
    name: "not-ready",
    group: "failures",
    does: `the responder's readiness probe fails for ${unreadySeconds} s, while it goes on working`,
    phaseSeconds: 1,
    watchSeconds: 90,
    usualSeconds: 25,
    expects: {
        network: {
            text: `new connections are refused after 2 to 3 periods, for about ${unreadySeconds} s; kept ones may go on`,
            bounds: [
                { flow: "once-fresh", figure: "outageSeconds", least: unreadySeconds - 5, most: unreadySeconds + 4 },
                ...onceLosesNone,
            ],
        },
        volume: {
            text: "no effect (negative control): nothing is routed by readiness",
            bounds: noEffect,
        },
    },
    rules: [],
    async inject(stage) {
        await stage.agent("responder", "PUT", "/scenario/readiness", { ready: false, seconds: unreadySeconds });
        await stage.until("a Pod that is not ready", () => stage.pod("responder")?.isReady === false, 15);
        await stage.until("a ready Pod", () => stage.pod("responder")?.isReady ?? false, unreadySeconds + 15);
        if ((stage.pod("responder")?.restarts ?? 0) > 0) throw new NotInjected("the container was restarted");
        return "the Pod was not ready, then ready again, without a restart";
    },
};
