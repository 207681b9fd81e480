import { drainedLabel } from "../../model/names.ts";
import { noEffect, retryDelivers } from "./bounds.ts";
import { responderOf } from "./restart.ts";
import { Impossible, NotInjected, type PodView, type Scenario, type Stage } from "./scenario.ts";

/** How long an eviction is asked for again, and how often, as `kubectl drain` does; seconds. */
const [askSeconds, everySeconds] = [30, 5];

const shared = {
    group: "failures",
    phaseSeconds: 1,
    watchSeconds: 90,
    needsBudget: true,
} as const satisfies Partial<Scenario>;
const evictions = { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] };
const labels = { apiGroups: [""], resources: ["pods"], verbs: ["patch"] };
const budgets = { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ["get", "patch"] };
/** On a volume the replacement serves as soon as it has started; a pair's must also be routed to. */
const replaced = { flow: "once", figure: "outageSeconds", least: 0.5, most: 10 } as const;

/**
 * The responder's Pod is evicted, and the Pod that replaces it must go to another node. A drain would cordon the node,
 * which disturbs the whole cluster and needs a right on it; here only this instance's Pods avoid it, by an anti-affinity to the
 * label that the evicted Pod gets. It has nothing to undo: the label goes with the Pod.
 */
export const drain: readonly Scenario[] = [
    {
        ...shared,
        name: "drain/no-budget",
        does: "eviction of the responder's Pod, whose node is excluded; its Deployment replaces it on another node",
        usualSeconds: 6,
        expects: {
            network: {
                text: "as `delete-pod`, on another node: 1 to 10 s; `retry` loses nothing",
                bounds: [replaced, ...retryDelivers],
            },
            volume: {
                text: "as `delete-pod`, on another node: both ends are gone, and what was on the volume with them",
                bounds: [replaced],
            },
        },
        rules: [evictions, labels],
        inject: replaceElsewhere,
    },
    {
        ...shared,
        name: "drain/budget",
        does: `eviction of the responder's only Pod, of which a PodDisruptionBudget must leave one; asked for again for ${askSeconds} s`,
        usualSeconds: 2,
        expects: {
            network: { text: "the eviction is refused as long as it is asked for: no effect", bounds: noEffect },
            volume: { text: "the eviction is refused as long as it is asked for: no effect", bounds: noEffect },
        },
        rules: [evictions, budgets],
        inject: (stage) => leavingOne(stage, 0, (budget) => askInVain(stage, budget)),
    },
    {
        ...shared,
        name: "drain/budget-of-two",
        does: "eviction of one of two Pods of the responder, of which a PodDisruptionBudget must leave one; its node is excluded",
        usualSeconds: 8,
        replicas: { before: 2, most: 2, instances: 2 },
        expects: {
            network: {
                text: "the eviction is allowed; messages on their way fail, then they go to the other Pod; `retry` loses nothing",
                bounds: [{ flow: "once", figure: "outageSeconds", most: 5 }, ...retryDelivers],
            },
            volume: {
                text: "one pair goes with what is on its volume, and another one replaces it; the other is not touched",
                bounds: [{ flow: "once", figure: "outageSeconds", most: 2 }],
            },
        },
        rules: [evictions, labels, budgets],
        inject: (stage) => leavingOne(stage, 1, () => replaceElsewhere(stage)),
    },
];

/** Evicts a Pod of the responder, and waits for the one that replaces it. @throws Impossible if that is on the same node */
async function replaceElsewhere(stage: Stage): Promise<string> {
    const { name, node } = responderOf(stage);
    const before = new Set(stage.pods("responder").map((pod) => pod.uid));
    await stage.kube.labelPod(name, { [drainedLabel]: stage.instance.name });
    const refused = await stage.kube.evictPod(name);
    if (refused !== undefined) throw new NotInjected(`the eviction was refused: ${refused}`);
    const isNew = (pod: PodView | undefined) => pod !== undefined && !before.has(pod.uid) && pod.node !== "";
    await stage.until("another Pod on a node", () => isNew(stage.pod("responder")), 60);
    const other = responderOf(stage);
    if (other.node === node)
        throw new Impossible(`no other node could take the Pod: its replacement came back to ${node}`);
    return `${name} was evicted from ${node}; ${other.name} replaced it on ${other.node}`;
}

/**
 * Does something while the instance's budget must leave one Pod, once it allows so many disruptions.
 * @throws NotInjected if it never does
 */
async function leavingOne(stage: Stage, allowed: number, act: (budget: string) => Promise<string>): Promise<string> {
    const { name, budget } = stage.instance;
    if (budget === undefined) throw new NotInjected(`${name} has no PodDisruptionBudget`);
    await stage.kube.setMinAvailable(budget, 1);
    try {
        for (let tries = 0; (await stage.kube.disruptionsAllowed(budget)) !== allowed; tries++) {
            if (tries === 50)
                throw new NotInjected(`${budget} did not come to allow ${allowed} disruptions within 10 s`);
            await stage.wait(0.2);
        }
        return await act(budget);
    } finally {
        await stage.kube.setMinAvailable(budget, 0);
    }
}

/** @throws NotInjected if the eviction is allowed */
async function askInVain(stage: Stage, budget: string): Promise<string> {
    const { name } = responderOf(stage);
    const refusals: string[] = [];
    for (let asked = 0; asked <= askSeconds; asked += everySeconds) {
        if (asked > 0) await stage.wait(everySeconds);
        const refused = await stage.kube.evictPod(name);
        if (refused === undefined) throw new NotInjected(`${name} was evicted despite ${budget}`);
        refusals.push(refused);
    }
    return `refused ${refusals.length} times in ${askSeconds} s: ${refusals.at(-1)}`;
}
