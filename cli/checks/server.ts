import { ApiException, VersionApi } from "@kubernetes/client-node";
import { type Cluster, reasonOf } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, ok } from "./check.ts";
import { inTime, isTimeout } from "./in-time.ts";

/** How long a server may take to answer the first request. */
const answerSeconds = 10;
/**
 * The oldest supported minor version of Kubernetes 1. The namespace enforces Pod Security `restricted` by labels, which
 * servers before 1.23 ignore (unless a feature gate is on). Everything else in the manifests is older: server-side apply and
 * tmpfs volumes that end at their sizeLimit 1.22, immutable ConfigMaps 1.21, startup probes 1.20.
 */
const oldestMinor = 23;

/** Where a server is, for messages. */
type Server = Pick<Cluster, "context" | "kubeconfig" | "server">;

/**
 * Asks a server for its version: whether it can be reached and accepts the credentials.
 * @param signal ends it earlier than after 10 s
 * @throws the signal's reason if that is not a timeout (Ctrl-C)
 */
export async function checkServer(cluster: Cluster, signal: AbortSignal): Promise<Outcome> {
    const began = performance.now();
    const late = AbortSignal.any([AbortSignal.timeout(answerSeconds * 1000), signal]);
    try {
        const version = cluster.kubeConfig.makeApiClient(VersionApi).getCode();
        return serverOutcome(cluster, await inTime(version, late));
    } catch (error) {
        if (signal.aborted && !isTimeout(signal)) throw signal.reason;
        const seconds = Math.round((performance.now() - began) / 1000);
        const isLate = error instanceof DOMException && error.name === "TimeoutError";
        return unreachedOutcome(cluster, isLate ? new Error(`no answer in ${seconds} s`) : error);
    }
}

/** The outcome for a server that answered. An answer without a version is not from Kubernetes. */
export function serverOutcome(
    { context, server }: Server,
    { gitVersion, major, minor }: { gitVersion?: string; major?: string; minor?: string },
): Outcome {
    if (gitVersion === undefined || minor === undefined) {
        return failure(
            `Context "${context}": ${server} answers, but is not Kubernetes; it may be a proxy's login page`,
            "correct the server of the context, or log in to the proxy in front of it",
        );
    }
    const number = Number.parseInt(minor, 10); // managed clusters write 29+
    if (major === "1" && number < oldestMinor) {
        return failure(
            `Context "${context}": ${server} is Kubernetes ${gitVersion}, which doesn't enforce Pod Security by namespace labels`,
            `upgrade it to 1.${oldestMinor} or newer, or use another cluster`,
        );
    }
    return ok(`${server} is Kubernetes ${gitVersion} and accepts your credentials`);
}

/** The outcome for a server that did not answer, or refused. */
export function unreachedOutcome(at: Server, error: unknown): Outcome {
    const { context, server } = at;
    if (error instanceof ApiException && error.code === 401) {
        return failure(
            `Context "${context}": ${server} refuses your credentials (HTTP 401); they have expired or belong to another cluster`,
            "log in again, or correct the user of the context",
        );
    }
    // An authenticated user without permission to read gets 403: the permissions check finds what else is missing.
    if (error instanceof ApiException && error.code === 403) {
        return ok(`${server} accepts your credentials, but doesn't let you read its version (HTTP 403)`);
    }
    return failure(
        `Context "${context}": ${server} can't be used (${reasonOf(error)})`,
        `check that the cluster runs and that your credentials are valid: ${kubectl(at)} version`,
    );
}
