import { noEffect, onceLosesNone } from "./bounds.ts";
import { Impossible, type Scenario, type Stage } from "./scenario.ts";

const cutSeconds = 30;
/** Annotation of a NetworkPolicy that was changed: its `spec` before, as JSON. Whoever finds it puts that back. */
export const specBefore = "hopcost.io/spec-before";

/** No traffic reaches the responder's Pod. Its NetworkPolicy lets nobody in; probes come from the node, and are let in. */
export const partition: Scenario = {
    name: "partition",
    group: "failures",
    does: `a NetworkPolicy denies all ingress of the responder's Pod for ${cutSeconds} s`,
    phaseSeconds: 1,
    watchSeconds: 90,
    usualSeconds: 18,
    expects: {
        network: {
            text: `new connections fail for about ${cutSeconds} s; whether kept ones go on depends on the network plugin`,
            bounds: [
                { flow: "once-fresh", figure: "outageSeconds", least: cutSeconds - 5, most: cutSeconds + 8 },
                ...onceLosesNone,
            ],
        },
        volume: {
            text: "no effect (negative control): the volume is not a network",
            bounds: noEffect,
        },
    },
    rules: [{ apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["get", "patch"] }],
    async inject(stage) {
        const { networkPolicy } = stage.instance;
        const { spec } = await stage.kube.readNetworkPolicy(networkPolicy);
        const annotations = { [specBefore]: JSON.stringify(spec) };
        await stage.kube.patchNetworkPolicy(networkPolicy, { metadata: { annotations }, spec: { ingress: [] } });
        try {
            // The canary: the driver, which was let in, no longer gets through.
            await untilCut(stage);
            await stage.wait(cutSeconds);
        } finally {
            await stage.kube.patchNetworkPolicy(networkPolicy, undone(spec));
            stage.mark("partition ends");
        }
        return "the driver could not reach the responder's agent meanwhile";
    },
};

/** The patch that puts a NetworkPolicy back. */
export function undone(spec: object): object {
    return { metadata: { annotations: { [specBefore]: null } }, spec };
}

/** @throws Impossible if the cluster's network plugin lets everything through */
async function untilCut(stage: Stage): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
        const answered = await stage.agent("responder", "GET", "/healthz").then(
            () => true,
            () => false,
        );
        if (!answered) return;
        await stage.wait(0.25);
    }
    throw new Impossible("the network plugin doesn't enforce NetworkPolicies: the canary still got through after 5 s");
}
