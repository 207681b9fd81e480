import { onceLosesNone, retryDelivers } from "./bounds.ts";
import { replaced, responderOf } from "./restart.ts";
import { NotInjected, type Scenario, type Stage } from "./scenario.ts";

/** Size limit of the volumes that scenarios hurt, in MiB: little, so that they are soon full. */
export const hurtVolumeMib = 32;
const overLimitBytes = 1.5 * hurtVolumeMib * 2 ** 20;
const fullSeconds = 10;
/** The kubelet measures the volumes of a Pod every 60 to 120 s, and decides every 10 s; here with some margin. */
const evictionSeconds = 180;

/** What the agent answers that filled a volume. */
interface Filled {
    bytes: number;
    code?: string;
}

/** No space left: on tmpfs the kernel refuses. */
const tmpfs: Scenario = {
    name: "volume-full/tmpfs",
    group: "failures",
    does: `the shared volume (tmpfs) is filled for ${fullSeconds} s`,
    phaseSeconds: 1,
    watchSeconds: 60,
    usualSeconds: 16,
    expects: {
        volume: {
            text: `no space left (ENOSPC) for ${fullSeconds} s: every message fails meanwhile, then it goes on; \`retry\` loses nothing`,
            bounds: [
                { flow: "once", figure: "outageSeconds", least: fullSeconds - 1.5, most: fullSeconds + 3 },
                ...onceLosesNone,
                ...retryDelivers,
            ],
        },
    },
    rules: [],
    async inject(stage) {
        const { bytes, code } = await fill(stage, { volume: "main" });
        try {
            if (code !== "ENOSPC") throw new NotInjected(`the kernel took ${bytes} B without ENOSPC`);
            await stage.wait(fullSeconds);
        } finally {
            await stage.agent("initiator", "DELETE", "/scenario/fill");
            stage.mark("space again");
        }
        return `ENOSPC after ${bytes} B`;
    },
};

/** A volume on the node's disk takes more than its limit, until the kubelet notices, which then evicts the Pod with all data. */
const disk: Scenario = {
    name: "volume-full/disk",
    group: "failures",
    does: "the shared volume (on the node's disk) gets more than its size limit",
    volume: "disk",
    phaseSeconds: 10, // the kubelet begins to look at the volumes of each Pod at a random moment by itself
    watchSeconds: evictionSeconds + 60,
    usualSeconds: 70,
    expects: {
        volume: {
            text: "nothing until the kubelet notices, then the Pod is evicted with all data on the volume: an outage as of `delete-pod`",
            bounds: [
                { flow: "once", figure: "outageSeconds", least: 0.5, most: 10 },
                { flow: "once", figure: "reactionSeconds", least: 0, most: evictionSeconds },
            ],
        },
    },
    // The object of an evicted Pod stays until somebody deletes it.
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["delete"] }],
    async inject(stage) {
        const before = responderOf(stage);
        const { bytes } = await fill(stage, { volume: "disk", bytes: overLimitBytes });
        await stage.until("an evicted Pod", () => stage.evicted().includes(before.name), evictionSeconds);
        const { name } = await replaced(stage, before);
        return `${before.name} was evicted after ${bytes} B; ${name} replaced it`;
    },
};

export const volumeFull: readonly Scenario[] = [tmpfs, disk];

function fill(stage: Stage, what: { volume: string; bytes?: number }): Promise<Filled> {
    return stage.agent<Filled>("initiator", "POST", "/scenario/fill", what);
}
