import { allArrive } from "./bounds.ts";
import { killOnce } from "./restart.ts";
import type { Scenario } from "./scenario.ts";

/** A crash. The container restarts in the same Pod, so what is on its volumes survives. */
export const killProcess: Scenario = {
    name: "kill-process",
    group: "failures",
    does: "SIGKILL of the responder's process, which ends its container",
    phaseSeconds: 1,
    watchSeconds: 60,
    usualSeconds: 3,
    expects: {
        network: {
            text: "restart at once: 0.5 to 6 s until it is ready and routed to again; `once` loses what was due meanwhile, `retry` nothing",
            bounds: [
                ...allArrive,
                { flow: "once", figure: "outageSeconds", least: 0.5, most: 6 },
                { flow: "once", figure: "undelivered", least: 1 },
            ],
        },
        volume: {
            text: "restart at once, without routing: at most 4 s, and 0 if it reads again within the deadline; `retry` loses nothing, since the volume is a queue",
            bounds: [
                ...allArrive,
                { flow: "once", figure: "outageSeconds", most: 4 },
                { flow: "retry-no-rescan", figure: "undelivered", least: 1 },
            ],
        },
    },
    rules: [],
    inject: (stage) => killOnce(stage, 30),
};
