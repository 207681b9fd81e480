import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";

/** A registered resource as Pulumi's engine got it. */
export interface Registered {
    type: string;
    name: string;
    // biome-ignore lint/suspicious/noExplicitAny: tests look into inputs of every type.
    inputs: any;
    /** The urn of its parent: its type, with those it descends from, and its name. */
    parent: string;
    /** The urn of what it is deleted with; empty where that is nothing. */
    deletedWith: string;
    /** How long its creation may take; empty where that was left to Pulumi. */
    createTimeout: string;
    /** Given where it was read. */
    id: string | undefined;
    /** Whether it was read (`get`) rather than made. */
    read: boolean;
}

/** Everything that was registered since {@link startRecording}, in order. */
export const seen: Registered[] = [];

/** What the cluster answers when a ConfigMap is read: its data; set by a test. */
export const cluster: { configMapData: Record<string, string> | undefined } = { configMapData: undefined };

/** Pulumi without an engine. Resources become what was asked for; a lookup that no test foresaw fails. */
export async function startRecording(stack = "test", preview = false): Promise<void> {
    seen.length = 0;
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, id }) => {
                const read = Boolean(id);
                seen.push({ type, name, inputs, read, id, ...options });
                const state = read ? { ...inputs, data: cluster.configMapData } : inputs;
                return { id: id || `${name}-id`, state };
            },
            call: ({ token }) => {
                throw new Error(`no test foresaw the call ${token}`);
            },
        },
        "hopcost",
        stack,
        preview,
    );
    recordOptions();
}

/** What a resource was registered with besides its inputs, which mocks don't tell. */
let options = { parent: "", deletedWith: "", createTimeout: "" };

/** The mocks are called at the start of a registration, before the next one can begin. */
function recordOptions(): void {
    const monitor = getMonitor() as unknown as Record<"registerResource" | "readResource", Register>;
    for (const call of ["registerResource", "readResource"] as const) {
        const register = monitor[call].bind(monitor);
        monitor[call] = (request, callback) => {
            options = {
                parent: request.getParent(),
                deletedWith: request.getDeletedwith?.() ?? "",
                createTimeout: request.getCustomtimeouts?.()?.getCreate() ?? "",
            };
            return register(request, callback);
        };
    }
}
type Register = (request: Request, callback: unknown) => unknown;
interface Request {
    getParent(): string;
    getDeletedwith?(): string;
    getCustomtimeouts?(): { getCreate(): string } | undefined;
}

/** Waits until everything is registered that will be; fails with the first registration that does. */
export async function settled(): Promise<void> {
    await pulumi.runtime.disconnect();
}

/** The value of an output, secrets and all. */
export async function resolved<T>(output: pulumi.Output<T> | undefined): Promise<pulumi.Unwrap<T>> {
    if (output === undefined) throw new Error("there is no such output");
    return await new Promise((resolve) => output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}

/** Registered resources of a kind, e.g. `apps/v1:Deployment`. */
export function ofKind(kind: string): Registered[] {
    return seen.filter(({ type }) => type.endsWith(kind));
}

/** The one of a kind with that name. */
export function theOne(kind: string, name: string): Registered {
    const found = ofKind(kind).filter((resource) => resource.name === name);
    const [one] = found;
    if (one === undefined || found.length > 1) {
        throw new Error(`${found.length} of ${kind} "${name}"; there are ${ofKind(kind).map((other) => other.name)}`);
    }
    return one;
}

/** Names of the resources directly below one, which is given as the end of its urn, e.g. `NetworkPair::net`. */
export function childrenOf(urnEnd: string): string[] {
    return seen.filter(({ parent }) => parent.endsWith(urnEnd)).map(({ name }) => name);
}

/** How many of each type there are. */
export function counts(): Record<string, number> {
    const byType = Map.groupBy(seen, ({ type }) => type);
    return Object.fromEntries([...byType].map(([type, of]) => [type, of.length]).sort());
}
