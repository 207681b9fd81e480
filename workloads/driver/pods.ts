import { messageOf } from "../../model/error.ts";
import { partOfHopcost } from "../../model/names.ts";
import type { Reading } from "../../model/reading.ts";
import type { KubeClient, KubeObject } from "./kube-client.ts";

/** The parts of a Pod that the driver uses. */
interface Pod extends KubeObject {
    status?: { qosClass?: string; conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

/** The Pods of the experiment, read from Kubernetes only between trials. */
export class Pods {
    readonly #kube: KubeClient;
    #known: Pod[] = [];

    constructor(kube: KubeClient) {
        this.#kube = kube;
    }

    /** QoS class of a Pod; read once. */
    async qosClassOf(podName: string): Promise<Reading<string>> {
        const find = () => this.#known.find(({ metadata }) => metadata.name === podName)?.status?.qosClass;
        try {
            if (find() === undefined) await this.#read();
            return find() ?? { unavailable: `Kubernetes lists no Pod ${podName}` };
        } catch (error) {
            return { unavailable: messageOf(error) };
        }
    }

    /**
     * Why Kubernetes can't schedule an agent's Pod, in the scheduler's words; undefined if it can or if that is
     * unknown.
     * @param agentUrl its host is the name of the Pod's Deployment
     */
    async unschedulable(agentUrl: string): Promise<string | undefined> {
        const prefix = `${new URL(agentUrl).hostname}-`;
        await this.#read();
        const conditions = this.#known
            .filter(({ metadata }) => metadata.name.startsWith(prefix))
            .flatMap(({ status }) => status?.conditions ?? []);
        return conditions.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;
    }

    async #read(): Promise<void> {
        this.#known = await this.#kube.list<Pod>("pods", partOfHopcost);
    }
}
