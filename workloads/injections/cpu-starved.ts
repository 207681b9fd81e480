import { allArrive } from "./bounds.ts";
import { responderOf } from "./restart.ts";
import { Impossible, NotInjected, type Scenario, type Stage } from "./scenario.ts";

const starvedSeconds = 20;
/** CPU of the responder's container meanwhile, and after it. */
const [starved, enough] = ["30m", "2"];

/** Too little CPU: a limit that is lowered in place. */
export const cpuStarved: Scenario = {
    name: "cpu-starved",
    group: "failures",
    does: `the CPU limit of the responder's container is ${starved} for ${starvedSeconds} s (pods/resize)`,
    phaseSeconds: 1,
    watchSeconds: 90,
    usualSeconds: 8,
    expects: {
        network: { text: "late, none lost", bounds: allArrive },
        volume: { text: "late, none lost", bounds: allArrive },
    },
    rules: [{ apiGroups: [""], resources: ["pods/resize"], verbs: ["patch"] }],
    async inject(stage) {
        const { name } = responderOf(stage);
        const container = stage.instance.topology === "network" ? "receiver" : "reader";
        const before = await throttledPeriods(stage);
        await resize(stage, name, container, starved);
        try {
            await stage.wait(starvedSeconds);
        } finally {
            await resize(stage, name, container, enough);
            stage.mark("CPU given back");
        }
        const periods = (await throttledPeriods(stage)) - before;
        if (!(periods > 0)) throw new NotInjected("the container was not throttled (nr_throttled)");
        return `throttled in ${periods} periods`;
    },
};

async function resize(stage: Stage, pod: string, container: string, cpu: string): Promise<void> {
    const resources = { limits: { cpu } };
    try {
        await stage.kube.resizePod(pod, { spec: { containers: [{ name: container, resources }] } });
    } catch (error) {
        throw new Impossible(`containers can't be resized in place: ${(error as Error).message}`, { cause: error });
    }
}

async function throttledPeriods(stage: Stage): Promise<number> {
    const { throttledPeriods } = await stage.agent<{ throttledPeriods: unknown }>("responder", "GET", "/counters");
    return typeof throttledPeriods === "number" ? throttledPeriods : Number.NaN;
}
