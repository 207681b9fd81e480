import { mergedLedgers } from "../../../model/ledger.ts";
import type { PodView, Stage } from "../../injections/scenario.ts";
import type { LedgerBytes } from "../../scenario/api.ts";

/** The ledgers of an injection's responders, as they were last read. Those of Pods that are gone are kept. */
export class Ledgers {
    /** By flow, then by the Pod's uid. */
    readonly #bytes = new Map<string, Map<string, Uint8Array>>();
    /** Pods that have not answered yet. */
    readonly #asking = new Set<string>();

    /** Reads those of all responders that live. @throws Error if one does not answer, or there is none */
    async read(stage: Stage, flows: readonly string[]): Promise<void> {
        const pods = stage.live("responder");
        if (pods.length === 0) throw new Error(`${stage.instance.name}: there is no responder`);
        await Promise.all(pods.map((pod) => this.#readOf(stage, flows, pod)));
    }

    /** Reads those of some Pods, but waits for nobody: they may be gone. */
    glance(stage: Stage, flows: readonly string[], pods: readonly PodView[]): void {
        for (const pod of pods.filter(({ uid }) => !this.#asking.has(uid))) {
            this.#asking.add(pod.uid);
            void this.#readOf(stage, flows, pod)
                .catch(() => {})
                .finally(() => this.#asking.delete(pod.uid));
        }
    }

    /** That of a Pod for a flow: a byte for each message, see model/ledger.ts; empty if it was never read. */
    of(flow: string, uid: string): Uint8Array {
        return this.#bytes.get(flow)?.get(uid) ?? new Uint8Array();
    }

    /** Those of all Pods for a flow, as one. */
    merged(flow: string): Uint8Array {
        return [...(this.#bytes.get(flow)?.values() ?? [])].reduce(mergedLedgers, new Uint8Array());
    }

    async #readOf(stage: Stage, flows: readonly string[], pod: PodView): Promise<void> {
        await Promise.all(
            flows.map(async (flow) => {
                const path = `/scenario/ledger?flow=${flow}`;
                const { entries } = await stage.agent<LedgerBytes>("responder", "GET", path, undefined, pod);
                const ofFlow = this.#bytes.get(flow) ?? new Map<string, Uint8Array>();
                this.#bytes.set(flow, ofFlow.set(pod.uid, Buffer.from(entries, "base64")));
            }),
        );
    }
}
