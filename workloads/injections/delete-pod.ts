import { noneLost, retryDelivers } from "./bounds.ts";
import { replaced, responderOf } from "./restart.ts";
import type { Scenario, Stage } from "./scenario.ts";

const outage = { flow: "once", figure: "outageSeconds", least: 0.5, most: 10 } as const;
const shared = {
    group: "failures",
    phaseSeconds: 1,
    watchSeconds: 90,
    usualSeconds: 5,
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["delete"] }],
} as const satisfies Partial<Scenario>;

/** How long the Pod may take to end: what `kubectl delete` asks for, and what `--grace-period=0` does. */
const byGrace = [30, 0].map((graceSeconds) => ({
    ...shared,
    name: `delete-pod/grace-${graceSeconds}`,
    does: `DELETE of the responder's Pod with a grace period of ${graceSeconds} s; its Deployment replaces it`,
    expects: {
        network: {
            text: "from the listener's end until the new Pod is ready and routed to: 1 to 10 s; `retry` loses nothing",
            bounds: [outage, ...retryDelivers],
        },
        volume: {
            text: "both ends are gone: not-offered until the new Pod works, and what was on the volume is gone with it",
            bounds: [outage],
        },
    },
    inject: (stage: Stage) => replace(stage, graceSeconds),
}));

/** The volume outlives the Pod, and so do its messages and the ledger on it. */
const withClaim: Scenario = {
    ...shared,
    name: "delete-pod/claim",
    does: "DELETE of the Pod with a grace period of 30 s; messages pass a PersistentVolumeClaim",
    volume: "claim",
    expects: {
        volume: {
            text: "both ends are gone: not-offered until the new Pod works; what was acknowledged is on the volume",
            bounds: [outage, ...noneLost],
        },
    },
    inject: (stage) => replace(stage, 30),
};

export const deletePod: readonly Scenario[] = [...byGrace, withClaim];

async function replace(stage: Stage, graceSeconds: number): Promise<string> {
    const before = responderOf(stage);
    await stage.kube.deletePod(before.name, graceSeconds);
    return `${(await replaced(stage, before)).name} replaced ${before.name}`;
}
