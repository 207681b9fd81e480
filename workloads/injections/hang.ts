import { allArrive, noneLost } from "./bounds.ts";
import { hurtGraceSeconds } from "./hurt-availability.ts";
import { responderOf, restarted } from "./restart.ts";
import { NotInjected, type Scenario, type Stage } from "./scenario.ts";

/** Of the liveness probe: the third failure, a second apart; the first comes 1 to 2 s after the last sign of life. */
const detection = { least: 2, most: 6 };
const stopped = { phaseSeconds: 1, group: "failures", rules: [] } as const;

/** A process that neither works nor ends, and a liveness probe that asks it. */
export const hang: Scenario = {
    ...stopped,
    name: "hang/liveness-probe",
    does: "SIGSTOP of the responder's process; the liveness probe asks that process",
    watchSeconds: 90,
    usualSeconds: 11,
    expects: {
        network: {
            text: `the third failed probe after 2 to 6 s, then the grace period of ${hurtGraceSeconds} s, then the restart`,
            bounds: restartAfterGrace(),
        },
        volume: {
            text: `the same: the third failed probe after 2 to 6 s, the grace period of ${hurtGraceSeconds} s, the restart`,
            bounds: restartAfterGrace(),
        },
    },
    async inject(stage) {
        const before = responderOf(stage).restarts;
        const proof = await stop(stage);
        await restarted(stage, before, 40);
        return `${proof}; restarted by the probe`;
    },
};

/** The same, with a probe that does not ask the process that works: as good as none. */
export const hangUnseen: Scenario = {
    ...stopped,
    name: "hang/blind-probe",
    does: "SIGSTOP of the responder's process for 45 s; the probes ask its wrapper only",
    watchSeconds: 45,
    usualSeconds: 45,
    expects: {
        network: { text: "nobody notices: no recovery as long as it is stopped", bounds: unnoticed() },
        volume: { text: "nobody notices: no recovery as long as it is stopped", bounds: unnoticed() },
    },
    async inject(stage) {
        await stage.agent("responder", "PUT", "/scenario/liveness", { watched: false });
        const before = responderOf(stage).restarts;
        const proof = await stop(stage);
        await stage.wait(44);
        if (responderOf(stage).restarts !== before) throw new NotInjected("something restarted the container");
        if ((await stateOf(stage)) !== "T") throw new NotInjected("the process went on before the end");
        return `${proof} for 44 s`;
    },
};

async function stop(stage: Stage): Promise<string> {
    await stage.agent("responder", "POST", "/scenario/fault", { kind: "stop" });
    // A busy process stops when it next gets the CPU.
    for (let looks = 1; ; looks++) {
        const state = await stateOf(stage);
        if (state === "T") return "state T in /proc";
        if (looks === 20) throw new NotInjected(`the process is in state ${state}, expected T (stopped)`);
        await stage.wait(0.05);
    }
}

async function stateOf(stage: Stage): Promise<string> {
    const { state } = await stage.agent<{ state: string }>("responder", "GET", "/scenario/process");
    return state;
}

function restartAfterGrace() {
    return [
        ...allArrive,
        { flow: "once", figure: "reactionSeconds" as const, ...detection },
        {
            flow: "once",
            figure: "outageSeconds" as const,
            least: detection.least + hurtGraceSeconds,
            most: detection.most + hurtGraceSeconds + 6,
        },
    ];
}

function unnoticed() {
    return [...noneLost, { flow: "once", figure: "recoverySeconds" as const, never: true }];
}
