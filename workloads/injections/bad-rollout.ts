import { noEffect } from "./bounds.ts";
import { responderOf } from "./restart.ts";
import { mostInjections, rolloutRules, surging } from "./rolling-update.ts";
import { NotInjected, type Scenario } from "./scenario.ts";

const badSeconds = 30;

/** A version that never gets ready, and the way back. */
export const badRollout: Scenario = {
    name: "bad-rollout",
    group: "rollouts",
    does: `a version whose Pod never gets ready is rolled out with one Pod more, and undone after ${badSeconds} s`,
    phaseSeconds: 1,
    watchSeconds: 90,
    usualSeconds: badSeconds + 3,
    mostInjections,
    availability: surging,
    expects: {
        network: { text: "the old Pod goes on as long as the new one is not ready: no effect", bounds: noEffect },
        volume: {
            text: "the old Pod goes on as long as the new one is not ready; the writer of the new one works meanwhile",
            bounds: [{ flow: "once", figure: "outageSeconds", most: 0.2 }],
        },
    },
    rules: rolloutRules,
    async inject(stage) {
        const { uid, name } = responderOf(stage);
        const lookAt = (path: string) => {
            const container = { name: stage.responderContainer, readinessProbe: { httpGet: { path } } };
            return stage.kube.patchResponder({ spec: { template: { spec: { containers: [container] } } } });
        };
        const another = () => stage.pods("responder").find((pod) => pod.uid !== uid);
        await lookAt("/never-ready");
        try {
            await stage.until("a Pod of the bad version", () => another() !== undefined, 30);
            await stage.wait(badSeconds);
            if (another()?.isReady) throw new NotInjected("the Pod of the bad version got ready");
        } finally {
            await lookAt("/readyz");
        }
        await stage.until("only the old Pod", () => another() === undefined, 30);
        return `the Pod of the bad version was not ready for ${badSeconds} s, and ${name} stayed`;
    },
};
