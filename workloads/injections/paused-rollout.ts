import { responderOf } from "./restart.ts";
import { anotherVersion, mostInjections, onlyOther, rolloutRules, surging } from "./rolling-update.ts";
import { NotInjected, type PodView, type Scenario } from "./scenario.ts";

/** The annotation's version is rolled out only after the pause, and what dies meanwhile comes back in its old version. */
export const pausedRollout: Scenario = {
    name: "paused-rollout",
    group: "rollouts",
    does: "the rollout is paused, another version set, the responder's Pod deleted, and the rollout resumed",
    phaseSeconds: 1,
    watchSeconds: 90,
    usualSeconds: 15,
    mostInjections,
    availability: surging,
    expects: {
        network: {
            text: "the Pod that died is replaced in its old version; then the new version is rolled out beside it",
            bounds: [{ flow: "once", figure: "outageSeconds", least: 0.5, most: 15 }],
        },
        volume: {
            text: "the same: what was on the volume is gone with each Pod",
            bounds: [{ flow: "once", figure: "outageSeconds", least: 0.5, most: 15 }],
        },
    },
    rules: [...rolloutRules, { apiGroups: [""], resources: ["pods"], verbs: ["delete"] }],
    async inject(stage) {
        const before = responderOf(stage);
        await stage.kube.patchResponder({ spec: { paused: true } });
        let second: PodView;
        try {
            await stage.kube.patchResponder(anotherVersion(stage));
            await stage.kube.deletePod(before.name, 30);
            await stage.until("another Pod", () => onlyOther(stage, before.uid) !== undefined, 60);
            second = responderOf(stage);
        } finally {
            await stage.kube.patchResponder({ spec: { paused: false } });
            stage.mark("resumed");
        }
        if (second.version !== before.version) throw new NotInjected("the Pod that died came back in its new version");
        await stage.until("a Pod of the new version", () => onlyOther(stage, second.uid) !== undefined, 60);
        const third = responderOf(stage);
        if (third.version === second.version) throw new NotInjected("the new version was not rolled out");
        return `${before.name} came back in its old version as ${second.name}; ${third.name} is of the new one`;
    },
};
