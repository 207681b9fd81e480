import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { messageOf } from "../process.ts";

/** The API server's answer to a request that it refused. */
export class KubeError extends Error {
    override name = "KubeError";
    readonly status: number;
    constructor(status: number, message: string) {
        super(message);
        this.status = status;
    }
}

/** A namespaced object, as far as the driver looks at it. */
export interface KubeObject {
    metadata: { name: string; labels?: Record<string, string>; resourceVersion?: string };
}

/** Paths of the kinds of objects that the driver uses; a group is named where a name alone is not enough. */
const kinds = {
    configmaps: "/api/v1",
    pods: "/api/v1",
    leases: "/apis/coordination.k8s.io/v1",
    "pods.metrics.k8s.io": "/apis/metrics.k8s.io/v1beta1",
} as const;
type Kind = keyof typeof kinds;

/** How a request is made. */
export interface RequestOptions {
    /** Goes on trying for so long while the API server is away, overloaded or says 429; seconds. @default 60 */
    patienceSeconds?: number;
    /** One try may take so long; seconds. @default 10 */
    timeoutSeconds?: number;
}

/**
 * The few requests the driver makes, on undici with the mounted service account. `@kubernetes/client-node` would be
 * several times what fits into a ConfigMap beside the rest of the code, for a few verbs on three kinds of objects.
 */
export class KubeClient {
    readonly #apiUrl: string;
    readonly #namespace: string;
    readonly #serviceAccount: string;
    readonly #signal: AbortSignal;
    readonly #agent: Agent;

    /** @param signal ends requests and their retries */
    constructor(apiUrl: string, namespace: string, serviceAccount: string, signal: AbortSignal) {
        this.#apiUrl = apiUrl;
        this.#namespace = namespace;
        this.#serviceAccount = serviceAccount;
        this.#signal = signal;
        const ca = join(serviceAccount, "ca.crt");
        this.#agent = new Agent({ connect: existsSync(ca) ? { ca: readFileSync(ca, "utf8") } : {} });
    }

    /** The same client, ended by another signal: for the last words after a run was stopped. */
    withSignal(signal: AbortSignal): KubeClient {
        return new KubeClient(this.#apiUrl, this.#namespace, this.#serviceAccount, signal);
    }

    /** @returns undefined where there is none of that name */
    async get<T extends KubeObject>(kind: Kind, name: string, options?: RequestOptions): Promise<T | undefined> {
        try {
            return (await this.#send("GET", this.#path(kind, name), undefined, options)) as T;
        } catch (error) {
            if (error instanceof KubeError && error.status === 404) return undefined;
            throw error;
        }
    }

    /** Everything with these labels, page by page. */
    async list<T extends KubeObject>(
        kind: Kind,
        labels: Record<string, string>,
        options?: RequestOptions,
    ): Promise<T[]> {
        const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
        const items: T[] = [];
        let next = "";
        do {
            const query = new URLSearchParams({ labelSelector: selector.join(","), limit: "50" });
            if (next !== "") query.set("continue", next);
            const page = (await this.#send("GET", `${this.#path(kind)}?${query}`, undefined, options)) as {
                items: T[];
                metadata?: { continue?: string };
            };
            items.push(...page.items);
            next = page.metadata?.continue ?? "";
        } while (next !== "");
        return items;
    }

    /** @throws KubeError with status 409 where one of that name exists */
    async create<T extends KubeObject>(kind: Kind, object: T, options?: RequestOptions): Promise<T> {
        return (await this.#send("POST", this.#path(kind), object, options)) as T;
    }

    /** @throws KubeError with status 404 where there is none, 409 where its resourceVersion is another */
    async update<T extends KubeObject>(kind: Kind, object: T, options?: RequestOptions): Promise<T> {
        return (await this.#send("PUT", this.#path(kind, object.metadata.name), object, options)) as T;
    }

    /** Updates whatever is there, or creates it. */
    async put<T extends KubeObject>(kind: Kind, object: T, options?: RequestOptions): Promise<T> {
        try {
            return await this.update(kind, object, options);
        } catch (error) {
            if (!(error instanceof KubeError) || error.status !== 404) throw error;
            return this.create(kind, object, options);
        }
    }

    /** Version of the API server, e.g. `v1.36.4`; every service account may read it. */
    async version(): Promise<string> {
        const { gitVersion } = (await this.#send("GET", "/version")) as { gitVersion: string };
        return gitVersion;
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }

    #path(kind: Kind, name?: string): string {
        const collection = `${kinds[kind]}/namespaces/${this.#namespace}/${kind.split(".")[0]}`;
        return name === undefined ? collection : `${collection}/${name}`;
    }

    /** Tries until the patience ends, with pauses that double from 0.1 to 5 s, or as long as the server asks. */
    async #send(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<unknown> {
        const { patienceSeconds = 60, timeoutSeconds = 10 } = options;
        const until = performance.now() + patienceSeconds * 1000;
        for (let pause = 100; ; pause = Math.min(2 * pause, 5000)) {
            const outcome = await this.#try(method, path, body, timeoutSeconds);
            if ("result" in outcome) return outcome.result;
            const wait = outcome.retryAfterMs ?? pause;
            if (!outcome.retry || performance.now() + wait > until) throw outcome.error;
            await sleep(wait, undefined, { signal: this.#signal });
        }
    }

    async #try(method: string, path: string, body: unknown, timeoutSeconds: number): Promise<Outcome> {
        const where = `Kubernetes API, ${method} ${path.replace(/\?.*/, "")}`;
        try {
            const {
                statusCode,
                headers,
                body: answer,
            } = await request(this.#apiUrl + path, {
                method: method as "GET",
                dispatcher: this.#agent,
                signal: AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
                headers: { ...this.#authorization(), accept: "application/json", "content-type": "application/json" },
                ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            });
            const text = await answer.text();
            if (statusCode < 300) return { result: JSON.parse(text) };
            const retryAfter = Number(headers["retry-after"]);
            return {
                error: new KubeError(statusCode, `${where}: ${statusCode} ${saidBy(text)}${remedyFor(statusCode)}`),
                // 401: the token may just have been rotated.
                retry: statusCode === 401 || statusCode === 429 || statusCode >= 500,
                ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
            };
        } catch (error) {
            this.#signal.throwIfAborted();
            return { error: new Error(`${where}: ${messageOf(error)}`, { cause: error }), retry: true };
        }
    }

    /** Read anew for each request: the kubelet rotates the token. */
    #authorization(): Record<string, string> {
        const token = join(this.#serviceAccount, "token");
        return existsSync(token) ? { authorization: `Bearer ${readFileSync(token, "utf8").trim()}` } : {};
    }
}

type Outcome = { result: unknown } | { error: Error; retry: boolean; retryAfterMs?: number };

/** The message of a `Status` object, or the text itself. */
function saidBy(text: string): string {
    try {
        return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 300);
    } catch {
        return text.slice(0, 300); // a proxy's page
    }
}

function remedyFor(status: number): string {
    return status === 403 ? "; the driver's Role must grant it (see driverRules)" : "";
}
