import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";

/** A resource as registered with Pulumi's engine. */
export interface Registered {
    type: string;
    name: string;
    // biome-ignore lint/suspicious/noExplicitAny: tests look into inputs of every type.
    inputs: any;
    /** The urn of its parent: its type with its ancestors' types, and its name. */
    parent: string;
    /** The urn of the resource it is deleted with; empty if none. */
    deletedWith: string;
    /** Time-out of its creation; empty if Pulumi's default applies. */
    createTimeout: string;
    /** Names of the hooks that the engine calls before it creates it. */
    beforeCreate: string[];
    /** Its id, if it was read. */
    id: string | undefined;
    /** Whether it was read (`get`), not created. */
    read: boolean;
}

/** Everything that was registered since {@link startRecording}, in order. */
export const seen: Registered[] = [];

/** What the cluster has; a test sets the data of the ConfigMap that is read, and the port of the API server. */
export const cluster = {
    configMapData: undefined as Record<string, string> | undefined,
    apiServerPort: 6443,
    /** The rest of an object that is read. */
    read(type: string) {
        if (type.endsWith(":EndpointSlice")) return { ports: [{ name: "https", port: cluster.apiServerPort }] };
        if (type.endsWith(":Secret"))
            return { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "e30=" } };
        return { data: cluster.configMapData };
    },
};

/** Pulumi without an engine. Resources get their inputs as outputs; an unexpected lookup fails. */
export async function startRecording(stack = "test", preview = false): Promise<void> {
    seen.length = 0;
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, id }) => {
                const read = Boolean(id);
                seen.push({ type, name, inputs, read, id, ...options });
                const state = read ? { ...inputs, ...cluster.read(type) } : inputs;
                return { id: id || `${name}-id`, state };
            },
            call: ({ token }) => {
                throw new Error(`unexpected call ${token}`);
            },
        },
        "hopcost",
        stack,
        preview,
    );
    recordOptions();
}

/** Options of a registered resource, which mocks don't pass on. */
let options = { parent: "", deletedWith: "", createTimeout: "", beforeCreate: [] as string[] };

/** Mocks are called at the start of a registration, before the next one begins. They know no hooks. */
function recordOptions(): void {
    const monitor = getMonitor() as unknown as Record<
        "registerResource" | "readResource" | "registerResourceHook",
        Register
    >;
    monitor.registerResourceHook = (_request, callback) => callback(null);
    for (const call of ["registerResource", "readResource"] as const) {
        const register = monitor[call].bind(monitor);
        monitor[call] = (request, callback) => {
            options = {
                parent: request.getParent(),
                deletedWith: request.getDeletedwith?.() ?? "",
                createTimeout: request.getCustomtimeouts?.()?.getCreate() ?? "",
                beforeCreate: request.getHooks?.()?.getBeforeCreateList() ?? [],
            };
            return register(request, callback);
        };
    }
}
type Register = (request: Request, callback: (error: null) => void) => unknown;
interface Request {
    getParent(): string;
    getDeletedwith?(): string;
    getCustomtimeouts?(): { getCreate(): string } | undefined;
    getHooks?(): { getBeforeCreateList(): string[] } | undefined;
}

/** Waits until all registrations are done; fails with the first one that fails. */
export async function settled(): Promise<void> {
    await pulumi.runtime.disconnect();
}

/** The value of an output, including secrets. */
export async function resolved<T>(output: pulumi.Output<T> | undefined): Promise<pulumi.Unwrap<T>> {
    if (output === undefined) throw new Error("there is no such output");
    return await new Promise((resolve) => output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}

/** Registered resources of a kind, e.g. `apps/v1:Deployment`. */
export function ofKind(kind: string): Registered[] {
    return seen.filter(({ type }) => type.endsWith(kind));
}

/** The only resource of a kind with that name. */
export function theOne(kind: string, name: string): Registered {
    const found = ofKind(kind).filter((resource) => resource.name === name);
    const [one] = found;
    if (one === undefined || found.length > 1) {
        throw new Error(`${found.length} of ${kind} "${name}"; there are ${ofKind(kind).map((other) => other.name)}`);
    }
    return one;
}

/** Names of the direct children of a resource, given by the end of its urn, e.g. `NetworkPair::net`. */
export function childrenOf(urnEnd: string): string[] {
    return seen.filter(({ parent }) => parent.endsWith(urnEnd)).map(({ name }) => name);
}

/** Number of resources by type. */
export function counts(): Record<string, number> {
    const byType = Map.groupBy(seen, ({ type }) => type);
    return Object.fromEntries([...byType].map(([type, of]) => [type, of.length]).sort());
}
