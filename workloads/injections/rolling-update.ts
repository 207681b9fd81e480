import type { AvailabilityArgs } from "../../model/availability.ts";
import {
    type Rollout,
    rolloutGraceSeconds,
    rollouts,
    scenarioOfRollout,
    switches,
    updates,
} from "../../model/rollouts.ts";
import type { Expectation } from "../../model/scenarios.ts";
import { retryDelivers } from "./bounds.ts";
import { hurtAvailability } from "./hurt-availability.ts";
import { responderOf } from "./restart.ts";
import { type End, NotInjected, type PodView, type Scenario, type Stage } from "./scenario.ts";

/** The rights that every rollout needs. */
export const rolloutRules: Scenario["rules"] = [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] }];
/** Annotation of a Pod template: another value is another version. */
const versionAnnotation = "hopcost.io/version";

/** The new Pod must be ready before the old one ends: that is what stops a bad version. */
export const surging = { ...hurtAvailability, update: updates.surge } as const;

const mustFail: Expectation["bounds"] = [{ flow: "once", figure: "undelivered", least: 1 }];
const noneFails: Expectation["bounds"] = [{ flow: "once", figure: "undelivered", most: 0 }, ...retryDelivers];
/** How often a rollout is injected at most: all of them together would take hours. */
export const mostInjections = 6;
const helped = { preStop: true, ready: true, drain: true };
const unhelped = { preStop: false, ready: false, drain: false };

/** Rolling the responder's Deployment out, with every combination of what can help; then variants of a few of these. */
export const rollingUpdates: readonly Scenario[] = [
    ...rollouts.map(rollingUpdate),
    rollingBoth({ kind: "both", update: "surge", ...helped }),
    rollingBoth({ kind: "both", update: "recreate", ...unhelped }),
    rollingSidecar({ kind: "sidecar", update: "surge", ...helped }),
    rollingSidecar({ kind: "sidecar", update: "recreate", ...helped }),
];

function rollingUpdate(rollout: Rollout): Scenario {
    return {
        name: scenarioOfRollout(rollout),
        group: "rollouts",
        does: "another version of the responder's Pod template is rolled out",
        phaseSeconds: 1,
        watchSeconds: 90,
        usualSeconds: rollout.preStop ? 12 : 7,
        mostInjections,
        availability: availabilityOf(rollout),
        expects: expectationsOf(rollout),
        rules: rolloutRules,
        inject: rollOut,
    };
}

/** Sender and receiver at once: the initiator goes as well, as it always does in a Pod that shares a volume. */
function rollingBoth(rollout: Rollout): Scenario {
    return {
        ...rollingUpdate(rollout),
        does: "another version of the sender's and of the receiver's Pod template is rolled out at once",
        usualSeconds: 12,
        rollsInitiator: true,
        expects: {
            network:
                rollout.update === "surge"
                    ? { text: "the new pair serves before the old one ends: no message fails", bounds: noneFails }
                    : { text: "nobody is there until new Pods work: messages must fail", bounds: mustFail },
        },
        inject: rollOutBoth,
    };
}

/** The reader as a native sidecar: it starts before the writer and ends after it, so the writer always has one. */
function rollingSidecar(rollout: Rollout): Scenario {
    return {
        ...rollingUpdate(rollout),
        does: "another version of the volume's Pod template is rolled out, with the reader as a native sidecar",
        sidecar: true,
        expects: {
            volume:
                rollout.update === "surge"
                    ? {
                          text: "a new pair overlaps with the old one, whose reader outlives its writer: no message fails",
                          bounds: noneFails,
                      }
                    : { text: "not-offered until the new Pod works", bounds: mustFail },
        },
    };
}

function availabilityOf({ update, preStop, ready, drain }: Rollout): AvailabilityArgs {
    const { readiness, ...others } = hurtAvailability;
    return {
        ...others,
        ...(ready && switches.ready),
        ...(preStop && switches.preStop),
        ...{ update: updates[update], graceSeconds: rolloutGraceSeconds, drain },
    };
}

function expectationsOf({ update, preStop, ready, drain }: Rollout): Scenario["expects"] {
    if (update === "recreate" || (update === "unavailable" && !preStop))
        return {
            network: {
                text: "the old Pod ends before the new one serves: messages must fail (positive control)",
                bounds: [...mustFail, ...retryDelivers],
            },
            volume: { text: "nobody is there until the new Pod works: messages must fail", bounds: mustFail },
        };
    // With one fewer the old Pod is asked to end when the new one starts, and meanwhile serves for as long as the pause.
    if (update === "unavailable")
        return {
            network: {
                text: "the old Pod serves until its pause is over, when the new one mostly works: some messages may fail",
                bounds: [...retryDelivers],
            },
            volume: { text: "the old pair serves until its pause is over, when the new one mostly works", bounds: [] },
        };
    const isWhole = preStop && ready && drain;
    return {
        network: isWhole
            ? {
                  text: "the new Pod serves before the old one ends, which finishes what it has: no message fails",
                  bounds: noneFails,
              }
            : { text: "the new Pod overlaps with the old one, but some messages may fail", bounds: [...retryDelivers] },
        volume: { text: "a new pair overlaps with the old one, whose last messages end with it", bounds: [] },
    };
}

/** Changes the version, and waits until only its Pod is left. */
async function rollOut(stage: Stage): Promise<string> {
    const { name, uid } = responderOf(stage);
    await stage.kube.patchResponder(anotherVersion(stage));
    await stage.until("only the new Pod", () => onlyOther(stage, uid) !== undefined, 60);
    return `${responderOf(stage).name} replaced ${name}`;
}

/** The same of both ends of a pair, at once. */
async function rollOutBoth(stage: Stage): Promise<string> {
    const [sender, receiver] = [stage.pod("initiator"), responderOf(stage)];
    if (sender === undefined) throw new NotInjected("there is no initiator's Pod");
    const version = anotherVersion(stage);
    await Promise.all([stage.kube.patchInitiator(version), stage.kube.patchResponder(version)]);
    const both = () => [onlyOther(stage, sender.uid, "initiator"), onlyOther(stage, receiver.uid)];
    await stage.until("only new Pods", () => both().every((pod) => pod !== undefined), 60);
    const [newSender, newReceiver] = both().map((pod) => pod?.name);
    return `${newSender} replaced ${sender.name}, ${newReceiver} replaced ${receiver.name}`;
}

/** The only Pod of an end, if it is another one and ready. */
export function onlyOther(stage: Stage, uid: string, end: End = "responder"): PodView | undefined {
    const [only, ...others] = stage.pods(end);
    return only !== undefined && others.length === 0 && only.uid !== uid && only.isReady ? only : undefined;
}

/** A patch that makes the template another version of itself. */
export function anotherVersion({ instance }: Stage): object {
    const annotations = { [versionAnnotation]: `${instance.name}-${Date.now()}` };
    return { spec: { template: { metadata: { annotations } } } };
}
