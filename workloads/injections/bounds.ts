/** What theory expects of several scenarios. */
import type { Expectation } from "../../model/scenarios.ts";

type Bounds = Expectation["bounds"];

/** No message of one attempt is acknowledged and yet missing from the ledger. */
export const onceLosesNone: Bounds = [{ flow: "once", figure: "lost", most: 0 }];

/** Nor one of many attempts. */
export const noneLost: Bounds = [...onceLosesNone, { flow: "retry", figure: "lost", most: 0 }];

/** With `retry` every message is delivered. */
export const retryDelivers: Bounds = [{ flow: "retry", figure: "undelivered", most: 0 }];

/** With `retry`, and a reader that looks for what came before it, nothing is lost. */
export const allArrive: Bounds = [...noneLost, ...retryDelivers];

/** Nothing happens to the traffic: a negative control. */
export const noEffect: Bounds = [
    { flow: "once", figure: "undelivered", most: 0 },
    { flow: "once", figure: "outageSeconds", most: 0.2 },
    ...retryDelivers,
];
