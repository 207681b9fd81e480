import type { Expectation } from "../../model/scenarios.ts";
import { onceLosesNone, retryDelivers } from "./bounds.ts";
import { NotInjected, type Scenario, type Stage } from "./scenario.ts";

/** Pods of the responder when there are few, and many. */
const [few, many] = [1, 4];
/** Injections of each: one instance of each topology does them all, as so many Pods that start disturb the others. */
const mostInjections = 10;
/** How long Pods may take to start, or to end; seconds. */
const changeSeconds = 60;

/** Of four Pods: a kept connection is never routed again, one for each message is routed anew. */
const spreads: Expectation["bounds"] = [
    { flow: "once", figure: "busiestShare", least: 0.99 },
    { flow: "once-fresh", figure: "busiestShare", most: 0.45 },
];
/** Each pair offers its own load, so all have the same share. */
const equal: Expectation["bounds"] = [{ flow: "once", figure: "busiestShare", most: 0.3 }];
/** What was there before the event, and stays, is not touched. */
const untouched: Expectation["bounds"] = [
    { flow: "once", figure: "undelivered", most: 0 },
    ...onceLosesNone,
    ...retryDelivers,
];

const shared = {
    group: "scaling",
    phaseSeconds: 1,
    watchSeconds: 90,
    mostInjections,
    rules: [],
} as const satisfies Partial<Scenario>;

/**
 * From one Pod of the responder to four, and back. In a pair of Pods the sender stays one, and offers the same load to all
 * receivers. A Pod with a shared volume has its own sender, so each one added brings a load and a queue of its own.
 */
export const scaling: readonly Scenario[] = [
    {
        ...shared,
        name: "scale-out",
        does: `the responder's Deployment is scaled from ${few} Pod to ${many}`,
        usualSeconds: 8,
        replicas: { before: few, most: many },
        expects: {
            network: {
                text: "new Pods stay idle behind a kept connection; connections of their own spread; no message fails",
                bounds: [
                    ...untouched,
                    ...spreads,
                    { flow: "once", figure: "shareSeconds", never: true },
                    { flow: "once-fresh", figure: "shareSeconds", most: 5 },
                ],
            },
            volume: {
                text: "each new pair has its own load and queue from its start: the first one is not touched",
                bounds: [...untouched, ...equal, { flow: "once", figure: "shareSeconds", most: 2 }],
            },
        },
        async inject(stage) {
            await stage.scale(many);
            await stage.until(`${many} ready Pods`, () => readyOf(stage) >= many, changeSeconds);
            return `${few} Pod became ${readyOf(stage)} ready Pods`;
        },
    },
    {
        ...shared,
        name: "scale-in",
        does: `the responder's Deployment is scaled from ${many} Pods to ${few}`,
        usualSeconds: 10,
        replicas: { before: many, most: many },
        expects: {
            network: {
                text: "messages on their way to a Pod that goes fail, then they go to the one that stays; `retry` loses nothing",
                bounds: [{ flow: "once", figure: "outageSeconds", most: 5 }, ...retryDelivers, ...spreads],
            },
            volume: {
                text: "pairs go as a whole, with what is on their volumes; the one that stays is not touched",
                bounds: [{ flow: "once", figure: "outageSeconds", most: 2 }, ...onceLosesNone, ...equal],
            },
        },
        async inject(stage) {
            const before = readyOf(stage);
            if (before < many) throw new NotInjected(`only ${before} of ${many} Pods were ready before`);
            await stage.scale(few);
            await stage.until(`only ${few} Pod`, () => stage.pods("responder").length === few, changeSeconds);
            return `${before} Pods became ${stage.pods("responder").length}`;
        },
    },
];

function readyOf(stage: Stage): number {
    return stage.live("responder").filter(({ isReady }) => isReady).length;
}
