import { ApiException, VersionApi } from "@kubernetes/client-node";
import { type Cluster, reasonOf } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, ok } from "./check.ts";
import { credentialsTrouble } from "./credentials.ts";
import { inTime, isTimeout } from "./in-time.ts";

/** How long a server may take to answer the first question. */
const answerSeconds = 10;
/**
 * The oldest minor version of Kubernetes 1 that is taken. The namespace enforces Pod Security `restricted` by labels, which
 * servers before 1.23 ignore (unless a feature gate is on). All else that the manifests use is older: server-side apply and
 * tmpfs volumes that end at their sizeLimit 1.22, immutable ConfigMaps 1.21, startup probes 1.20.
 */
const oldestMinor = 23;

/** Where a server is, for messages. */
type Server = Pick<Cluster, "context" | "kubeconfig" | "server">;

/**
 * Asks a server for its version: whether it is reached and takes the credentials.
 * @param signal ends it earlier than after 10 s
 * @throws the signal's reason where that is not the end of the time (Ctrl-C)
 */
export async function checkServer(cluster: Cluster, signal: AbortSignal): Promise<Outcome> {
    const began = performance.now();
    const late = AbortSignal.any([AbortSignal.timeout(answerSeconds * 1000), signal]);
    let asked = " of its user's plugin";
    try {
        const trouble = await inTime(credentialsTrouble(cluster.kubeConfig), late);
        if (trouble !== undefined) return trouble;
        asked = "";
        const version = cluster.kubeConfig.makeApiClient(VersionApi).getCode();
        return serverOutcome(cluster, await inTime(version, late));
    } catch (error) {
        if (signal.aborted && !isTimeout(signal)) throw signal.reason;
        const seconds = Math.round((performance.now() - began) / 1000);
        const isLate = error instanceof DOMException && error.name === "TimeoutError";
        return unreachedOutcome(cluster, isLate ? new Error(`no answer${asked} in ${seconds} s`) : error);
    }
}

/** What to say of a server that answered. Without a version it is not Kubernetes that did. */
export function serverOutcome(
    { context, server }: Server,
    { gitVersion, major, minor }: { gitVersion?: string; major?: string; minor?: string },
): Outcome {
    if (gitVersion === undefined || minor === undefined) {
        return failure(
            `Context "${context}": what answers at ${server} is not Kubernetes, but e.g. the login page of a proxy`,
            "correct the server of the context, or log in to what stands before it",
        );
    }
    const number = Number.parseInt(minor, 10); // managed clusters write 29+
    if (major === "1" && number < oldestMinor) {
        return failure(
            `Context "${context}": ${server} is Kubernetes ${gitVersion}, whose namespaces don't enforce Pod Security by labels`,
            `upgrade it to 1.${oldestMinor} or newer, or use another cluster`,
        );
    }
    return ok(`${server} is Kubernetes ${gitVersion} and takes your credentials`);
}

/** What to say of a server that did not answer, or refused. */
export function unreachedOutcome(at: Server, error: unknown): Outcome {
    const { context, server } = at;
    if (error instanceof ApiException && error.code === 401) {
        return failure(
            `Context "${context}": ${server} refuses your credentials (HTTP 401); they are expired or of another cluster`,
            "log in again, or correct the user of the context",
        );
    }
    // Whoever is authenticated but may read nothing gets 403: what else they may not do is found out later.
    if (error instanceof ApiException && error.code === 403) {
        return ok(`${server} takes your credentials and does not tell you its version (HTTP 403)`);
    }
    return failure(
        `Context "${context}": ${server} can't be used (${reasonOf(error)})`,
        `check that the cluster runs and that your credentials are valid: ${kubectl(at)} version`,
    );
}
