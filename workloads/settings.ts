import { hostname } from "node:os";
import type { Volume } from "../model/arms.ts";
import { namespacePattern } from "../model/names.ts";
import {
    agentPort,
    planPath,
    readerAgentPort,
    schedulePath,
    uploadPort,
    variables,
    volumePaths,
    volumeVariables,
} from "../model/ports.ts";
import type { MeasuredRole } from "../model/roles.ts";

/** Lists all invalid environment variables. */
export class SettingsError extends Error {
    override name = "SettingsError";
}

/** One setting: its environment variable, its default, and what it must be. */
interface Variable<T> {
    variable: string;
    fallback?: T;
    /** The value, or undefined if the text is invalid. */
    parse: (text: string) => T | undefined;
    /** What the variable must be, as in `must be a port from 1 to 65535`. */
    expected: string;
}

/** Reads all variables. @throws SettingsError that lists every missing or invalid one */
function readAll<T extends object>(
    what: string,
    env: NodeJS.ProcessEnv,
    variables: { [Key in keyof T]: Variable<T[Key]> },
): T {
    const faults: string[] = [];
    const entries = Object.entries<Variable<unknown>>(variables).map(([key, spec]) => {
        const text = env[spec.variable];
        if (text === undefined || text === "") {
            if (spec.fallback === undefined) faults.push(`${spec.variable} must be ${spec.expected}, but is not set`);
            return [key, spec.fallback];
        }
        const value = spec.parse(text);
        if (value === undefined) faults.push(`${spec.variable} must be ${spec.expected}, got "${text}"`);
        return [key, value];
    });
    if (faults.length > 0) throw new SettingsError(`${what}: ${faults.join("; ")}`);
    return Object.fromEntries(entries) as T;
}

const port = (variable: string, fallback: number): Variable<number> => ({
    variable,
    fallback,
    expected: "a port from 1 to 65535",
    parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535 ? Number(text) : undefined),
});
const folder = (variable: string, fallback: string): Variable<string> => ({
    variable,
    fallback,
    expected: "an absolute path",
    parse: (text) => (text.startsWith("/") ? text : undefined),
});
const text = (variable: string, fallback?: string): Variable<string> => ({
    variable,
    ...(fallback === undefined ? {} : { fallback }),
    expected: "a text",
    parse: (value) => value,
});

const flag = (variable: string): Variable<boolean> => ({
    variable,
    fallback: false,
    expected: "true or false",
    parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
});

/** Settings of a scenario's container. */
export interface ScenarioSettings {
    /** Folder of the responder's ledgers, on a volume that outlives the container. */
    ledger: string;
    /** Path of the schedule; the file can be absent. */
    schedule: string;
    /** Whether the responder ends what is under way at SIGTERM. */
    drain: boolean;
}

/** Settings of a measured container. */
export interface ServerSettings {
    agentPort: number;
    uploadPort: number;
    /** Path of each shared volume, mounted or not. */
    volumes: Record<Volume, string>;
    nodeName: string;
    podName: string;
    /** Empty if unknown. */
    podIp: string;
    /** Absent unless the container serves scenarios. */
    scenario?: ScenarioSettings;
}

/** The settings of a role's agent. @throws SettingsError that lists every bad variable */
export function readServerSettings(role: MeasuredRole, env: NodeJS.ProcessEnv): ServerSettings {
    const { main, disk, claim, ledger, schedule, drain, ...settings } = readAll<
        Omit<ServerSettings, "volumes" | "scenario"> & Record<Volume, string> & ScenarioSettings
    >(role, env, {
        agentPort: port(variables.agentPort, role === "reader" ? readerAgentPort : agentPort),
        uploadPort: port(variables.uploadPort, uploadPort),
        main: folder(volumeVariables.main, volumePaths.main),
        disk: folder(volumeVariables.disk, volumePaths.disk),
        claim: folder(volumeVariables.claim, volumePaths.claim),
        nodeName: text(variables.nodeName, "unknown"),
        podName: text(variables.podName, hostname()),
        podIp: text(variables.podIp, ""),
        ledger: folder(variables.ledger, ""),
        schedule: folder(variables.schedule, schedulePath),
        drain: flag(variables.drain),
    });
    const scenario = ledger === "" ? {} : { scenario: { ledger, schedule, drain } };
    return { ...settings, ...scenario, volumes: { main, disk, claim } };
}

/** Settings of the driver besides its plan. */
export interface DriverSettings {
    namespace: string;
    plan: string;
    podName: string;
    /** Name of its own NetworkPolicy, for messages. */
    networkPolicy: string;
    /** Base URL of the Kubernetes API. */
    apiUrl: string;
    /** Folder with `token` and `ca.crt`. */
    serviceAccount: string;
    /** File for the reason why it ended, which Kubernetes reads; absent outside a container. */
    terminationLog: string;
}

/** The settings of the driver. @throws SettingsError that lists every bad variable */
export function readDriverSettings(env: NodeJS.ProcessEnv): DriverSettings {
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: servicePort = "443" } = env;
    const inCluster = host ? `https://${host.includes(":") ? `[${host}]` : host}:${servicePort}` : undefined;
    return readAll<DriverSettings>("driver", env, {
        namespace: {
            variable: variables.namespace,
            expected: "the name of the namespace",
            parse: (value) => (namespacePattern.test(value) ? value : undefined),
        },
        plan: folder("HOPCOST_PLAN", planPath),
        podName: text(variables.podName, hostname()),
        networkPolicy: text(variables.networkPolicy, "the driver's NetworkPolicy"),
        apiUrl: {
            variable: "HOPCOST_KUBERNETES_URL",
            ...(inCluster === undefined ? {} : { fallback: inCluster }),
            expected:
                "the URL of the Kubernetes API (needed only outside a Pod; inside, KUBERNETES_SERVICE_HOST is used)",
            parse: (value) => (/^https?:\/\/[^/]+$/.test(value) ? value : undefined),
        },
        terminationLog: folder("HOPCOST_TERMINATION_LOG", "/dev/termination-log"),
        serviceAccount: folder("HOPCOST_SERVICE_ACCOUNT", "/var/run/secrets/kubernetes.io/serviceaccount"),
    });
}
