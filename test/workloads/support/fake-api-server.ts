import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { KubeObject } from "../../../workloads/driver/kube-client.ts";

/** An object as stored. */
export interface Stored extends KubeObject {
    immutable?: boolean;
    data?: Record<string, string>;
    spec?: Record<string, unknown>;
    status?: Record<string, unknown>;
}

/**
 * The REST behaviour of one API server for ConfigMaps, Leases, Pods and their metrics: 404, 409, resourceVersion,
 * immutable, label selectors, pages. It isn't part of what the driver measures.
 */
export class FakeApiServer {
    readonly objects = new Map<string, Stored>();
    /** `METHOD kind name` of each request, in order. */
    readonly requests: string[] = [];
    /** Makes requests fail while it returns a status; -1 cuts the connection, -2 is a server that has just started. */
    fault: ((method: string, path: string) => number | undefined) | undefined;
    /** Current answer of metrics-server; undefined if there is none. */
    podMetrics: (() => KubeObject[]) | undefined;
    readonly #server = createServer((request, response) => void this.#serve(request, response));
    #version = 0;

    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
    }

    /** Stored objects of a kind whose names match. */
    named(kind: string, pattern: RegExp): Stored[] {
        return [...this.objects]
            .filter(([key, { metadata }]) => key.startsWith(`${kind}/`) && pattern.test(metadata.name))
            .map(([, object]) => object);
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://host");
        const method = request.method ?? "";
        let text = "";
        for await (const chunk of request) text += chunk;
        const answer = (status: number, body: unknown) => {
            response.writeHead(status, { "content-type": "application/json" });
            response.end(JSON.stringify(body));
        };
        const refuse = (status: number, message: string) =>
            answer(status, { kind: "Status", status: "Failure", message });
        const fault = this.fault?.(method, pathname);
        if (fault === -1) return void request.socket.destroy();
        if (fault === -2) return refuse(403, unloaded);
        if (fault !== undefined) return refuse(fault, "made to fail by the test");
        if (pathname === "/version") return answer(200, { gitVersion: "v1.36.4" });
        if (pathname === "/apis/metrics.k8s.io/v1beta1/namespaces/test/pods" && this.podMetrics !== undefined) {
            this.requests.push(`${method} pods.metrics.k8s.io`);
            return answer(200, {
                items: this.podMetrics().filter((each) => isSelected(each, searchParams)),
                metadata: {},
            });
        }
        const match =
            /^\/(?:api|apis\/coordination.k8s.io)\/v1\/namespaces\/test\/(configmaps|leases|pods)(?:\/(.+))?$/.exec(
                pathname,
            );
        if (match === null) return refuse(404, `no such path: ${pathname}`);
        const [, kind = "", named] = match;
        const sent: Stored | undefined = text === "" ? undefined : JSON.parse(text);
        const name = named ?? sent?.metadata.name ?? "";
        const key = `${kind}/${name}`;
        this.requests.push(`${method} ${kind} ${name}`.trim());
        const stored = this.objects.get(key);
        const store = (object: Stored) => {
            const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
            this.objects.set(key, { ...object, metadata });
            return this.objects.get(key);
        };
        if (method === "POST" && sent !== undefined) {
            if (stored !== undefined) return refuse(409, `${kind} "${name}" already exists`);
            return answer(201, store(sent));
        }
        if (method === "GET" && named === undefined) return answer(200, this.#page(kind, searchParams));
        if (stored === undefined) return refuse(404, `${kind} "${name}" not found`);
        if (method === "GET") return answer(200, stored);
        if (method === "PUT" && sent !== undefined) {
            const { resourceVersion } = sent.metadata;
            if (resourceVersion !== undefined && resourceVersion !== stored.metadata.resourceVersion) {
                return refuse(409, "the object has been modified");
            }
            if (stored.immutable) return refuse(422, "field is immutable");
            return answer(200, store(sent));
        }
        return refuse(405, `${method} is not served`);
    }

    #page(kind: string, query: URLSearchParams) {
        const all = this.named(kind, /./).filter((object) => isSelected(object, query));
        const from = Number(query.get("continue") ?? 0);
        const limit = Math.min(Number(query.get("limit") ?? 500), 3); // small pages, so that paging happens
        const more = from + limit < all.length ? { continue: String(from + limit) } : {};
        return { items: all.slice(from, from + limit), metadata: more };
    }
}

function isSelected({ metadata }: KubeObject, query: URLSearchParams): boolean {
    const wanted = (query.get("labelSelector") ?? "").split(",").map((pair) => pair.split("="));
    return wanted.every(([key = "", value]) => metadata.labels?.[key] === value);
}

/** What an API server answers that has just started, before it has loaded its roles. */
const unloaded =
    'configmaps is forbidden: User "driver" cannot create resource "configmaps" in API group "" in the namespace "test": RBAC: [clusterrole.rbac.authorization.k8s.io "system:discovery" not found, role.rbac.authorization.k8s.io "run-driver" not found]';
