import type { Instance } from "../../../model/scenarios.ts";
import { specBefore, undone } from "../../injections/partition.ts";
import { type InstanceObjects, NotInjected, type Surge } from "../../injections/scenario.ts";
import type { KubeClient, KubeObject } from "../kube-client.ts";
import { DeploymentAutoscaler } from "./autoscaler.ts";

interface NetworkPolicy extends KubeObject {
    spec: object;
}

interface Budget extends KubeObject {
    spec: { minAvailable?: number };
    status?: { disruptionsAllowed?: number };
}

/** The objects of an instance in the cluster, and how what injections did to them is undone. */
export class ClusterObjects implements InstanceObjects {
    readonly #instance: Instance;
    readonly #client: KubeClient;
    readonly #responderContainer: string;
    readonly #autoscaler: DeploymentAutoscaler;

    constructor(instance: Instance, client: KubeClient, responderContainer: string) {
        this.#instance = instance;
        this.#client = client;
        this.#responderContainer = responderContainer;
        this.#autoscaler = new DeploymentAutoscaler(client, instance.deployments.at(-1) ?? "");
    }

    /**
     * Undoes what a driver that died may have left: a partition, a budget that refuses evictions, an autoscaler. A Role without
     * the right to change one of them has never let it come to that.
     */
    async restore(): Promise<void> {
        const { networkPolicy, budget } = this.#instance;
        const policy = await this.#client.get<NetworkPolicy>("networkpolicies", networkPolicy).catch(() => undefined);
        const before = policy?.metadata.annotations?.[specBefore];
        if (before !== undefined) await this.patchNetworkPolicy(networkPolicy, undone(JSON.parse(before)));
        if (budget !== undefined) {
            const found = await this.#readBudget(budget).catch(() => undefined);
            if (found !== undefined && found.spec.minAvailable !== 0) await this.setMinAvailable(budget, 0);
        }
        await this.#autoscaler.restore();
    }

    async patchResponder(patch: object): Promise<void> {
        await this.#patchDeployment(this.#instance.deployments.at(-1), patch);
    }

    async patchInitiator(patch: object): Promise<void> {
        await this.#patchDeployment(this.#instance.deployments[0], patch);
    }

    async #patchDeployment(name = "", patch: object): Promise<void> {
        await this.#client.patch("deployments", [name], patch, { type: "strategic-merge" });
    }

    async deletePod(name: string, gracePeriodSeconds: number): Promise<void> {
        await this.#client.delete("pods", name, { gracePeriodSeconds });
    }

    async labelPod(name: string, labels: Record<string, string>): Promise<void> {
        await this.#client.patch("pods", [name], { metadata: { labels } });
    }

    async resizePod(name: string, patch: object): Promise<void> {
        await this.#client.patch("pods", [name, "resize"], patch, { type: "strategic-merge" });
    }

    async evictPod(name: string): Promise<string | undefined> {
        return this.#client.evict(name);
    }

    async setMinAvailable(budget: string, minAvailable: number): Promise<void> {
        await this.#client.patch("poddisruptionbudgets", [budget], { spec: { minAvailable } });
    }

    async disruptionsAllowed(budget: string): Promise<number | undefined> {
        return (await this.#readBudget(budget)).status?.disruptionsAllowed;
    }

    async #readBudget(name: string): Promise<Budget> {
        const budget = await this.#client.get<Budget>("poddisruptionbudgets", name);
        if (budget === undefined) throw new NotInjected(`there is no PodDisruptionBudget ${name}`);
        return budget;
    }

    async patchNetworkPolicy(name: string, patch: object): Promise<void> {
        await this.#client.patch("networkpolicies", [name], patch);
    }

    async readNetworkPolicy(name: string): Promise<NetworkPolicy> {
        const policy = await this.#client.get<NetworkPolicy>("networkpolicies", name);
        if (policy === undefined) throw new NotInjected(`there is no NetworkPolicy ${name}`);
        return policy;
    }

    async createAutoscaler(surge: Surge, targetCores: number): Promise<void> {
        await this.#autoscaler.create(this.#responderContainer, surge, targetCores);
    }

    async readAutoscaler(): Promise<{ wanted: number; complaints: string[] } | undefined> {
        return this.#autoscaler.read();
    }

    async deleteAutoscaler(): Promise<void> {
        await this.#autoscaler.delete();
    }
}
