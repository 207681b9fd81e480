import { partOfHopcost, scenarioLabel } from "../../../model/names.ts";
import { Impossible, type Surge } from "../../injections/scenario.ts";
import { type KubeClient, KubeError, type KubeObject } from "../kube-client.ts";

/** Characters of a complaint that are kept. */
const complaintLength = 200;

interface Deployment extends KubeObject {
    metadata: KubeObject["metadata"] & { uid: string };
    spec: {
        template: {
            spec: { containers: { name: string }[] };
        };
    };
}

interface Autoscaler extends KubeObject {
    status?: {
        desiredReplicas?: number;
        conditions?: { type: string; status: string; reason?: string; message?: string }[];
    };
}

/** The autoscaler of a Deployment, which has its name. It is created and removed by injections, and ends with the Deployment. */
export class DeploymentAutoscaler {
    readonly #client: KubeClient;
    readonly #deployment: string;

    constructor(client: KubeClient, deployment: string) {
        this.#client = client;
        this.#deployment = deployment;
    }

    /**
     * @param container of the Deployment, whose CPU counts; that of others in its Pod does not
     * @param targetCores its mean over the Pods that is aimed at
     * @throws Impossible if the cluster refuses it
     */
    async create(container: string, surge: Surge, targetCores: number): Promise<void> {
        const owner = await this.#client.get<Deployment>("deployments", this.#deployment);
        if (owner === undefined) throw new Error(`there is no Deployment ${this.#deployment}`);
        const target = { type: "AverageValue", averageValue: `${Math.round(1e6 * targetCores)}u` };
        const isAlone = owner.spec.template.spec.containers.length === 1;
        const metric = isAlone
            ? { type: "Resource", resource: { name: "cpu", target } }
            : { type: "ContainerResource", containerResource: { container, name: "cpu", target } };
        try {
            await this.#client.create("horizontalpodautoscalers", autoscalerOf(owner, surge, metric));
        } catch (error) {
            if (!(error instanceof KubeError)) throw error;
            throw new Impossible(`autoscalers can't be created: ${error.message}`, { cause: error });
        }
    }

    /** Its wish and what it complains about, as far as it has said anything; never retried. */
    async read(): Promise<{ wanted: number; complaints: string[] } | undefined> {
        const once = { patienceSeconds: 0, timeoutSeconds: 2 };
        const found = await this.#client.get<Autoscaler>("horizontalpodautoscalers", this.#deployment, once);
        const { desiredReplicas: wanted, conditions = [] } = found?.status ?? {};
        if (wanted === undefined) return undefined;
        const complaints = conditions
            .filter(({ type, status, reason }) =>
                type === "ScalingLimited" ? status === "True" && reason === "TooManyReplicas" : status === "False",
            )
            .map(({ reason = "", message = "" }) => `${reason}: ${message}`.slice(0, complaintLength));
        return { wanted, complaints };
    }

    /** That there is none is fine. */
    async delete(): Promise<void> {
        await this.#client.delete("horizontalpodautoscalers", this.#deployment, {});
    }

    /** Removes what a driver that died has left. A Role without the right to has never created one. */
    async restore(): Promise<void> {
        const found = await this.#client
            .get<Autoscaler>("horizontalpodautoscalers", this.#deployment)
            .catch(() => undefined);
        if (found !== undefined) await this.delete();
    }
}

function autoscalerOf({ metadata }: Deployment, surge: Surge, metric: object) {
    const { name, uid, labels = {} } = metadata;
    const instance = "app.kubernetes.io/instance";
    const target = { apiVersion: "apps/v1", kind: "Deployment", name };
    return {
        ...{ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
        metadata: {
            name,
            labels: { ...partOfHopcost, ...scenarioLabel, [instance]: labels[instance] ?? name },
            ownerReferences: [{ ...target, uid }],
        },
        spec: {
            scaleTargetRef: target,
            ...{ minReplicas: 1, maxReplicas: surge.mostReplicas },
            metrics: [metric],
            behavior: { scaleDown: { stabilizationWindowSeconds: surge.stabilizationSeconds } },
        },
    };
}
