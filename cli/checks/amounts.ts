import type { V1Pod } from "@kubernetes/client-node";
import type { ContainerResources } from "../../components/measured-pod.ts";
import { parseQuantity } from "../../model/quantity.ts";

/** CPU in cores and memory in bytes. */
export interface Amounts {
    cpu: number;
    memory: number;
}

/** The amounts in requests or limits; a missing one is 0. */
export function amountsOf(quantities: Record<string, string> | undefined): Amounts {
    return { cpu: amount(quantities?.cpu), memory: amount(quantities?.memory) };
}

/** A Kubernetes quantity as a number, e.g. 0.25 for `250m`; 0 if undefined. */
export function amount(quantity: string | undefined): number {
    return quantity === undefined ? 0 : parseQuantity(quantity);
}

/** The sum. */
export function sumOf(all: readonly Amounts[]): Amounts {
    return all.reduce((sum, it) => ({ cpu: sum.cpu + it.cpu, memory: sum.memory + it.memory }), { cpu: 0, memory: 0 });
}

/** What all containers request together. */
export function requestsOf(containers: readonly ContainerResources[]): Amounts {
    return sumOf(containers.map(({ requests }) => amountsOf(requests)));
}

/**
 * What a Pod takes from its node: the sum of its containers' requests, or the request of a single init container if that is
 * more. Sidecars (init containers that keep running) count as containers.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function takenBy({ spec }: V1Pod): Amounts {
    const init = spec?.initContainers ?? [];
    const stays = init.filter(({ restartPolicy }) => restartPolicy === "Always");
    const requests = [...(spec?.containers ?? []), ...stays].map(({ resources }) => amountsOf(resources?.requests));
    const { cpu, memory } = sumOf(requests);
    const alone = init.map(({ resources }) => amountsOf(resources?.requests));
    const most = {
        cpu: Math.max(cpu, ...alone.map((it) => it.cpu)),
        memory: Math.max(memory, ...alone.map((it) => it.memory)),
    };
    return sumOf([most, amountsOf(spec?.overhead)]);
}

/** Amounts as text, e.g. `1.1 CPU and 2560Mi of memory`. */
export function amountsText({ cpu, memory }: Amounts): string {
    return `${cpuText(cpu)} CPU and ${memoryText(memory)} of memory`;
}

/** Cores with at most three decimals. */
export function cpuText(cpu: number): string {
    return String(Math.round(cpu * 1000) / 1000);
}

/** Whole mebibytes, as in a quantity. */
export function memoryText(bytes: number): string {
    return `${Math.floor(bytes / 2 ** 20)}Mi`;
}
