import { setTimeout as sleep } from "node:timers/promises";
import { leaseName, runIdLabel } from "../../model/names.ts";
import { type KubeClient, KubeError, type KubeObject } from "./kube-client.ts";

/** A `coordination.k8s.io/v1` Lease. */
interface Lease extends KubeObject {
    apiVersion: "coordination.k8s.io/v1";
    kind: "Lease";
    spec: {
        holderIdentity?: string;
        leaseDurationSeconds?: number;
        acquireTime?: string;
        renewTime?: string;
        leaseTransitions?: number;
    };
}

/** Another driver is working on the same run. */
export class LeaseLost extends Error {
    override name = "LeaseLost";
}

/** A lease counts as abandoned at least this long after its last renewal. */
const durationSeconds = 15;
/** Renewed if it is older than this, while nothing is measured. */
const renewAfterSeconds = 4;

/**
 * The right to measure one run, held by at most one driver. Never renewed by a timer, which could fire during a cell.
 */
export class RunLease {
    readonly #kube: KubeClient;
    readonly #runId: string;
    readonly #holder: string;
    readonly #durationSeconds: number;
    #lease: Lease | undefined;
    #renewedMs = 0;

    /**
     * @param holder unique for each process, even within a Pod
     * @param longestSeconds longest time between two chances to renew
     */
    constructor(kube: KubeClient, runId: string, holder: string, longestSeconds: number) {
        this.#kube = kube;
        this.#runId = runId;
        this.#holder = holder;
        this.#durationSeconds = Math.max(durationSeconds, Math.ceil(3 * longestSeconds));
    }

    /** Waits until the lease is free or abandoned, then takes it. @param waiting called once with the current holder */
    async acquire(waiting: (holder: string) => void, signal: AbortSignal): Promise<void> {
        let seen: { version: string | undefined; sinceMs: number } | undefined;
        for (;;) {
            const lease = await this.#kube.get<Lease>("leases", leaseName(this.#runId));
            if (lease === undefined) {
                if (await this.#write("create", {})) return;
                continue;
            }
            const { holderIdentity: holder = "", leaseDurationSeconds = durationSeconds } = lease.spec;
            const version = lease.metadata.resourceVersion;
            if (seen === undefined && holder !== "") waiting(holder);
            const now = performance.now();
            if (seen === undefined || seen.version !== version) seen = { version, sinceMs: now };
            // By our own clock, because the clocks of two nodes can differ.
            const abandoned = now - seen.sinceMs > leaseDurationSeconds * 1000;
            if (holder === "" || abandoned) {
                if (await this.#write("update", lease)) return;
                continue;
            }
            await sleep(500, undefined, { signal });
        }
    }

    /** Renews the lease if due; measuring continues if the API server is unreachable. @throws LeaseLost */
    async renew(): Promise<void> {
        if (performance.now() - this.#renewedMs < renewAfterSeconds * 1000) return;
        let lease: Lease | undefined;
        try {
            if (await this.#write("update", this.#lease ?? {}, { patienceSeconds: 0, timeoutSeconds: 1 })) return;
            lease = await this.#kube.get<Lease>("leases", leaseName(this.#runId), { patienceSeconds: 0 });
        } catch {
            return; // unreachable: retried before the next cell
        }
        if (lease?.spec.holderIdentity !== this.#holder) {
            throw new LeaseLost(
                `run "${this.#runId}" was taken over by ${lease?.spec.holderIdentity ?? "an unknown driver (its lease was deleted)"}`,
            );
        }
        this.#lease = lease; // ours: the answer to an earlier renewal was lost
    }

    /** Lets the next driver start without waiting; best effort. @param kube a client that isn't stopped yet */
    async release(kube: KubeClient): Promise<void> {
        if (this.#lease === undefined) return;
        const { metadata, spec } = this.#lease;
        await kube
            .update<Lease>(
                "leases",
                { ...this.#base(), metadata, spec: { ...spec, holderIdentity: "" } },
                { patienceSeconds: 1, timeoutSeconds: 1 },
            )
            .catch(() => {});
    }

    /** @returns false if another driver was faster */
    async #write(
        verb: "create" | "update",
        current: Partial<Lease>,
        options?: Parameters<KubeClient["create"]>[2],
    ): Promise<boolean> {
        const time = new Date().toISOString().replace("Z", "000Z"); // MicroTime
        const held = current.spec?.holderIdentity === this.#holder;
        const lease: Lease = {
            ...this.#base(),
            ...(current.metadata === undefined ? {} : { metadata: current.metadata }),
            spec: {
                holderIdentity: this.#holder,
                leaseDurationSeconds: this.#durationSeconds,
                acquireTime: held ? (current.spec?.acquireTime ?? time) : time,
                renewTime: time,
                leaseTransitions: (current.spec?.leaseTransitions ?? 0) + (held ? 0 : 1),
            },
        };
        try {
            this.#lease = await this.#kube[verb]<Lease>("leases", lease, options);
            this.#renewedMs = performance.now();
            return true;
        } catch (error) {
            if (error instanceof KubeError && (error.status === 409 || error.status === 404)) return false;
            throw error;
        }
    }

    #base(): Pick<Lease, "apiVersion" | "kind" | "metadata"> {
        return {
            apiVersion: "coordination.k8s.io/v1",
            kind: "Lease",
            metadata: { name: leaseName(this.#runId), labels: { [runIdLabel]: this.#runId } },
        };
    }
}
