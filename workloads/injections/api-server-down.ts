import { noEffect } from "./bounds.ts";
import { NotInjected, type Scenario } from "./scenario.ts";

const awaySeconds = 60;
/** A shorter outage is another one. */
const leastSeconds = 0.8 * awaySeconds;
/** How long it is watched what follows: kubelets and proxies look for the API server again every 30 s at most, then act. */
const afterSeconds = 45;

const unmoved = "no effect (negative control): containers, probes and routes go on as they are; no Pod is replaced";

/** The control plane can't be reached. What runs goes on; what would change waits. */
export const apiServerDown: Scenario = {
    name: "api-server-down",
    group: "failures",
    does: `the sandbox's API server is stopped for ${awaySeconds} s, for all instances at once`,
    phaseSeconds: 1,
    watchSeconds: 240,
    usualSeconds: awaySeconds + afterSeconds,
    meetsAll: true,
    expects: {
        network: {
            text: unmoved,
            bounds: [...noEffect, { flow: "once-fresh", figure: "outageSeconds", most: 0.2 }],
        },
        volume: { text: unmoved, bounds: noEffect },
    },
    rules: [],
    async inject(stage) {
        const { apiServer } = stage;
        await apiServer.goDown(awaySeconds);
        stage.mark("API server away");
        const away = await apiServer.comeBack();
        stage.mark("API server back");
        const proof = `the API server did not answer for ${Math.round(away)} s`;
        if (away < leastSeconds) throw new NotInjected(`${proof}, expected ${awaySeconds} s`);
        await stage.wait(afterSeconds);
        return proof;
    },
};
