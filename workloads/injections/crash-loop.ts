import type { Expectation } from "../../model/scenarios.ts";
import { onceLosesNone } from "./bounds.ts";
import { killOnce, responderOf } from "./restart.ts";
import type { Scenario, Stage } from "./scenario.ts";

const kills = 4;
/** The longest outage is the last back-off, and the start after it. */
const backOff: Expectation["bounds"] = [
    ...onceLosesNone,
    { flow: "once", figure: "outageSeconds", least: 35, most: 65 },
];

/** Crashes faster than the restarts are allowed to follow: 10, 20, 40 s (the kubelet's back-off, which starts afresh in a new Pod). */
export const crashLoop: Scenario = {
    name: "crash-loop",
    group: "failures",
    does: `SIGKILL of the responder's process, ${kills} times, each time it serves again`,
    phaseSeconds: 1,
    watchSeconds: 180,
    usualSeconds: 115,
    expects: {
        network: {
            text: "the first restart at once, the others after 10, 20 and 40 s; `retry` gives up what waited for over 30 s",
            bounds: backOff,
        },
        volume: {
            text: "the same back-off; what waits for over 30 s is given up, although the volume still has it",
            bounds: backOff,
        },
    },
    rules: [],
    async inject(stage) {
        for (let kill = 1; kill <= kills; kill++) {
            if (kill > 1) stage.mark(`kill ${kill}`);
            await killOnce(stage, 60);
            await stage.until("the responder ready again", () => stage.pod("responder")?.isReady ?? false, 60);
            await servesAgain(stage);
        }
        return `${responderOf(stage).restarts} restarts`;
    },
};

/** A ready Pod is routed to a moment later, and serves for more than a second, or two outages would count as one. */
function servesAgain(stage: Stage): Promise<void> {
    return stage.wait(5);
}
