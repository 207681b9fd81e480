import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { messageOf } from "../../model/error.ts";

/** The API server's answer to a request it refused. */
export class KubeError extends Error {
    override name = "KubeError";
    readonly status: number;
    constructor(status: number, message: string) {
        super(message);
        this.status = status;
    }
}

/** The API server can't be reached. */
export class KubeUnreachable extends Error {
    override name = "KubeUnreachable";
}

/** The parts of a namespaced object that the driver uses. */
export interface KubeObject {
    metadata: {
        name: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
        resourceVersion?: string;
    };
}

/** What a watch reports of an object. */
export interface WatchEvent<T> {
    type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    object: T;
}

/** API paths of the kinds the driver uses; with the group if the name is ambiguous. */
const kinds = {
    configmaps: "/api/v1",
    pods: "/api/v1",
    deployments: "/apis/apps/v1",
    horizontalpodautoscalers: "/apis/autoscaling/v2",
    networkpolicies: "/apis/networking.k8s.io/v1",
    poddisruptionbudgets: "/apis/policy/v1",
    leases: "/apis/coordination.k8s.io/v1",
    "pods.metrics.k8s.io": "/apis/metrics.k8s.io/v1beta1",
} as const;
type Kind = keyof typeof kinds;

/** How a request is made. */
export interface RequestOptions {
    /** How long to retry while the API server is unreachable, overloaded, starting or answers 429; seconds. @default 60 */
    patienceSeconds?: number;
    /** Time limit of one attempt; seconds. @default 10 */
    timeoutSeconds?: number;
}

/**
 * The driver's few requests, made with undici and the mounted service account. `@kubernetes/client-node` is several
 * times too large for a ConfigMap with the rest of the code, and the driver needs only a few verbs on three kinds of
 * objects.
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

    /** The same client with another signal, for the last writes after a run was stopped. */
    withSignal(signal: AbortSignal): KubeClient {
        return new KubeClient(this.#apiUrl, this.#namespace, this.#serviceAccount, signal);
    }

    /** @returns undefined if there is none of that name */
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

    /** @throws KubeError with status 409 if one of that name exists */
    async create<T extends KubeObject>(kind: Kind, object: T, options?: RequestOptions): Promise<T> {
        return (await this.#send("POST", this.#path(kind), object, options)) as T;
    }

    /** @throws KubeError with status 404 if there is none, 409 if its resourceVersion differs */
    async update<T extends KubeObject>(kind: Kind, object: T, options?: RequestOptions): Promise<T> {
        return (await this.#send("PUT", this.#path(kind, object.metadata.name), object, options)) as T;
    }

    /** Updates the object, or creates it. */
    async put<T extends KubeObject>(kind: Kind, object: T, options?: RequestOptions): Promise<T> {
        try {
            return await this.update(kind, object, options);
        } catch (error) {
            if (!(error instanceof KubeError) || error.status !== 404) throw error;
            return this.create(kind, object, options);
        }
    }

    /**
     * Changes some fields of an object, or of a subresource such as `scale`.
     * @param patch merge patch; `null` removes a field
     * @throws KubeError with status 404 if there is none
     */
    async patch(
        kind: Kind,
        [name, subresource]: [name: string, subresource?: string],
        patch: object,
        options?: RequestOptions & { type?: "merge" | "strategic-merge" },
    ): Promise<void> {
        const path = [this.#path(kind, name), subresource].filter((part) => part !== undefined).join("/");
        await this.#send("PATCH", path, patch, options);
    }

    /**
     * Evicts a Pod.
     * @returns why it is refused at the moment, as a PodDisruptionBudget does; undefined if it is not
     */
    async evict(name: string): Promise<string | undefined> {
        const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
        try {
            await this.#send("POST", `${this.#path("pods", name)}/eviction`, eviction, { patienceSeconds: 0 });
            return undefined;
        } catch (error) {
            if (error instanceof KubeError && error.status === 429) return error.message;
            throw error;
        }
    }

    /** Deletes an object; that it is gone already is fine. */
    async delete(kind: Kind, name: string, deleteOptions: object, options?: RequestOptions): Promise<void> {
        try {
            await this.#send("DELETE", this.#path(kind, name), deleteOptions, options);
        } catch (error) {
            if (!(error instanceof KubeError) || error.status !== 404) throw error;
        }
    }

    /**
     * Lists the objects with these labels, then reports every change, until the server ends the watch, which it does every
     * few minutes.
     * @param signal ends the watch
     * @param opened called when the server has answered
     * @throws Error if the connection fails
     */
    async *watch<T extends KubeObject>(
        kind: Kind,
        labels: Record<string, string>,
        signal: AbortSignal,
        opened: () => void = () => {},
    ): AsyncGenerator<WatchEvent<T>> {
        const labelSelector = Object.entries(labels)
            .map(([key, value]) => `${key}=${value}`)
            .join(",");
        // Without a resource version the watch begins with an event for each object that exists.
        const query = new URLSearchParams({ watch: "1", labelSelector, timeoutSeconds: "300" });
        const { statusCode, body } = await request(`${this.#apiUrl}${this.#path(kind)}?${query}`, {
            dispatcher: this.#agent,
            signal: AbortSignal.any([this.#signal, signal]),
            headers: { ...this.#authorization(), accept: "application/json" },
            bodyTimeout: 0,
        });
        if (statusCode !== 200) throw new KubeError(statusCode, messageIn(await body.text()));
        opened();
        let rest = "";
        for await (const chunk of body.setEncoding("utf8")) {
            const lines = `${rest}${chunk}`.split("\n");
            rest = lines.pop() ?? "";
            for (const line of lines) yield JSON.parse(line) as WatchEvent<T>;
        }
    }

    /** Version of the API server, e.g. `v1.36.4`; every service account may read it. */
    async version(options?: RequestOptions): Promise<string> {
        const { gitVersion } = (await this.#send("GET", "/version", undefined, options)) as { gitVersion: string };
        return gitVersion;
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }

    #path(kind: Kind, name?: string): string {
        const collection = `${kinds[kind]}/namespaces/${this.#namespace}/${kind.split(".")[0]}`;
        return name === undefined ? collection : `${collection}/${name}`;
    }

    /** Retries for `patienceSeconds`, with pauses that double from 0.1 to 5 s or that the server asks for. */
    async #send(
        method: string,
        path: string,
        body?: unknown,
        options: RequestOptions & { type?: string } = {},
    ): Promise<unknown> {
        const { patienceSeconds = 60, timeoutSeconds = 10, type = "merge" } = options;
        const contentType = method === "PATCH" ? `application/${type}-patch+json` : "application/json";
        const until = performance.now() + patienceSeconds * 1000;
        for (let pause = 100; ; pause = Math.min(2 * pause, 5000)) {
            const outcome = await this.#try(method, path, body, { timeoutSeconds, contentType });
            if ("result" in outcome) return outcome.result;
            const wait = outcome.retryAfterMs ?? pause;
            if (!outcome.retry || performance.now() + wait > until) throw outcome.error;
            await sleep(wait, undefined, { signal: this.#signal });
        }
    }

    async #try(
        method: string,
        path: string,
        body: unknown,
        { timeoutSeconds, contentType }: { timeoutSeconds: number; contentType: string },
    ): Promise<Outcome> {
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
                headers: { ...this.#authorization(), accept: "application/json", "content-type": contentType },
                ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            });
            const text = await answer.text();
            if (statusCode < 300) return { result: JSON.parse(text) };
            const retryAfter = Number(headers["retry-after"]);
            return {
                error: new KubeError(statusCode, `${where}: ${statusCode} ${messageIn(text)}${remedyFor(statusCode)}`),
                // 401: the token might just have been rotated.
                retry: statusCode === 401 || statusCode === 429 || statusCode >= 500 || isLoading(statusCode, text),
                ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
            };
        } catch (error) {
            this.#signal.throwIfAborted();
            return { error: new KubeUnreachable(`${where}: ${messageOf(error)}`, { cause: error }), retry: true };
        }
    }

    /** Read again for each request, because the kubelet rotates the token. */
    #authorization(): Record<string, string> {
        const token = join(this.#serviceAccount, "token");
        return existsSync(token) ? { authorization: `Bearer ${readFileSync(token, "utf8").trim()}` } : {};
    }
}

type Outcome = { result: unknown } | { error: Error; retry: boolean; retryAfterMs?: number };

/** The message of a `Status` object, or the text itself. */
function messageIn(text: string): string {
    try {
        return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 300);
    } catch {
        return text.slice(0, 300); // a proxy's page
    }
}

/** Whether an API server has just started and doesn't know its roles yet: it then refuses what they allow. */
function isLoading(status: number, text: string): boolean {
    return status === 403 && /RBAC: .* not found/.test(text);
}

function remedyFor(status: number): string {
    return status === 403 ? "; the driver's Role must grant it (see driverRules)" : "";
}
