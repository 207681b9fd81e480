import { NotInjected, type Scenario, type Stage, type Surge } from "./scenario.ts";

/** Metrics every 10 to 15 s over as long a time, decisions every 15 s, and the start of a Pod. */
const firstPod = { flow: "once", figure: "reactionSeconds", least: 15, most: 60 } as const;

/** An autoscaler that follows a load step: long enough for it to react several times, and to take back what it did. */
export const autoscale = autoscaleBy({
    // The higher rate first, until its code is compiled: after that a message costs much less CPU.
    ...{ idleSeconds: 15, higherSeconds: 40, usualSeconds: 30 },
    // Two decisions, on metrics of the usual load.
    knownSeconds: 30,
    ...{ factor: 3, seconds: 300, calmSeconds: 150 },
    // One more than it needs, and fewer than other scenarios have, which are for one instance.
    mostReplicas: 3,
    // Of the usual 5 minutes nothing would be learned but that they pass.
    stabilizationSeconds: 60,
});

/** The same with another load step. */
export function autoscaleBy(surge: Surge): Scenario {
    const { factor, seconds, calmSeconds } = surge;
    return {
        name: "autoscale",
        group: "scaling",
        does: `the rate of messages is ${factor} times as high for ${seconds} s, followed by a HorizontalPodAutoscaler (CPU)`,
        // The autoscaler decides every 15 s.
        phaseSeconds: 15,
        watchSeconds: seconds + calmSeconds + 118,
        usualSeconds: seconds + calmSeconds + 88,
        mostInjections: 6,
        surge,
        // Its Pods start one after the other.
        replicas: { before: 1, most: surge.mostReplicas, instances: 4 },
        expects: {
            network: {
                text: "15 to 60 s to the first new Pod; kept connections send it nothing, so it relieves only new ones",
                bounds: [firstPod],
            },
            volume: {
                text: "15 to 60 s to the first new pair; each brings a load of its own and relieves no other, so there are ever more",
                bounds: [firstPod],
            },
        },
        rules: [
            { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["get", "create", "delete"] },
            // Its owner, whose end is also its own.
            { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
        ],
        async inject(stage) {
            const before = await offered(stage);
            await stage.wait(seconds);
            const messages = (await offered(stage)) - before;
            stage.mark("load as before");
            await stage.wait(calmSeconds);
            if (messages <= 0) throw new NotInjected("no message was offered");
            return `${messages} messages of a flow were offered in ${seconds} s`;
        },
    };
}

/** Messages of a flow that have been offered so far. An initiator that is busy is asked again: much time has gone into it. */
async function offered(stage: Stage, triesLeft = 5): Promise<number> {
    const path = "/scenario/records?flow=once&after=999999999";
    const [first] = stage.live("initiator");
    try {
        return (await stage.agent<{ next: number }>("initiator", "GET", path, undefined, first)).next;
    } catch (error) {
        if (triesLeft <= 1) throw error;
        await stage.wait(1);
        return offered(stage, triesLeft - 1);
    }
}
