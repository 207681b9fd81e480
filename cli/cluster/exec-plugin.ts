import { execa } from "execa";

/** A program that prints the credentials of a user, `exec` of a kubeconfig, with a path in place of a relative command. */
export interface ExecPlugin {
    command: string;
    args: readonly string[];
    env: Readonly<Record<string, string>>;
    apiVersion: string;
    interactiveMode: "Never" | "IfAvailable" | "Always";
    /** What its author says about installing it. */
    installHint: string | undefined;
    /** Whether it wants to know the cluster (`provideClusterInfo`). */
    wantsCluster: boolean;
}

/** A plugin, and what it gets to know about the cluster. */
export interface PluginCall extends ExecPlugin {
    cluster: Readonly<Record<string, unknown>> | undefined;
}

/** What a plugin printed. @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
export interface Credential {
    token?: string;
    /** PEM. */
    clientCertificateData?: string;
    clientKeyData?: string;
    /** ISO 8601; without it, valid until this process ends. */
    expirationTimestamp?: string;
}

/** Why a plugin gave no credentials, as part of a sentence, and what to do. Never contains what it printed on stdout. */
export class PluginError extends Error {
    readonly remedy: string | undefined;

    constructor(reason: string, remedy?: string) {
        super(reason);
        this.remedy = remedy;
    }
}

/** By the JSON of the plugin, so that a user logs in once per process. */
const credentials = new Map<string, Credential>();

/**
 * Runs a plugin as kubectl does, unless it gave credentials before that are still valid.
 * @param show whether the user sees its stderr, where plugins ask for a login
 * @param signal ends it
 * @throws PluginError
 */
export async function credentialOf(plugin: PluginCall, show = false, signal?: AbortSignal): Promise<Credential> {
    const key = JSON.stringify(plugin);
    const known = credentials.get(key);
    if (known !== undefined && Date.parse(known.expirationTimestamp ?? "9999") > Date.now()) return known;
    const credential = await run(plugin, show, signal);
    credentials.set(key, credential);
    return credential;
}

/** Whether a person can answer what a plugin asks. */
export function isInteractive({ interactiveMode }: ExecPlugin): boolean {
    return interactiveMode !== "Never" && process.stdin.isTTY === true;
}

async function run(plugin: PluginCall, show: boolean, signal: AbortSignal | undefined): Promise<Credential> {
    const { command, args, env, apiVersion, cluster } = plugin;
    const interactive = isInteractive(plugin);
    if (plugin.interactiveMode === "Always" && !interactive) {
        throw new PluginError(
            `its plugin ${command} needs a terminal (interactiveMode: Always)`,
            "start hopcost in a terminal, or set interactiveMode of the user to IfAvailable",
        );
    }
    const info = { apiVersion, kind: "ExecCredential", spec: { interactive, ...(cluster && { cluster }) } };
    const ended = await execa(command, args, {
        env: { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        stdin: interactive && show ? "inherit" : "ignore",
        stderr: show ? ["pipe", "inherit"] : "pipe",
        reject: false,
        ...(signal && { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    if (ended.code === "ENOENT") {
        const remedy = plugin.installHint ?? "install it, or put it on the PATH";
        throw new PluginError(`its plugin ${command} is not on the PATH`, remedy);
    }
    if (ended.failed) throw new PluginError(ended.stderr.trim() || `its plugin ${command} failed without a message`);
    const credential = parsed(ended.stdout);
    if (credential !== undefined) return credential;
    throw new PluginError(`the output of its plugin ${command} is not an ExecCredential`);
}

function parsed(text: string): Credential | undefined {
    try {
        const { status } = JSON.parse(text) as { status?: Credential };
        const { token, clientCertificateData } = status ?? {};
        return token === undefined && clientCertificateData === undefined ? undefined : status;
    } catch {
        return undefined;
    }
}
