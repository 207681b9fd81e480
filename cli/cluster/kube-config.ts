import { readFileSync } from "node:fs";
import { resolve, sep } from "node:path";
import { getCACertificates } from "node:tls";
import type { Context } from "@kubernetes/client-node";
import { proxyFor } from "./environment-proxy.ts";
import type { ExecPlugin } from "./exec-plugin.ts";
import { type KubeEntry, readKubeEntries } from "./kube-files.ts";
import { refuseOtherTypes } from "./kube-shapes.ts";
import { type KubectlCluster, KubectlConfig, type KubectlUser } from "./kube-user.ts";

/**
 * Reads a kubeconfig as kubectl does.
 * @param path of the file; without it, where kubectl looks (KUBECONFIG, ~/.kube/config)
 * @throws Error if it can't be read or is not a kubeconfig
 */
export function loadKubeConfig(path: string | undefined): KubectlConfig {
    const { clusters, users, contexts } = readKubeEntries(path, refuseOtherTypes);
    const config = new KubectlConfig();
    config.loadFromOptions({
        clusters: clusters.map(clusterOf),
        users: users.map(userOf),
        contexts: contexts.map(contextOf),
    });
    return config;
}

function contextOf({ name, fields }: KubeEntry): Context {
    return { name, cluster: text(fields.cluster) ?? "", user: text(fields.user) ?? "" };
}

/** The system's certificates are used if a cluster names no authority, as in kubectl. */
function clusterOf(entry: KubeEntry): KubectlCluster {
    const { name, fields, folder } = entry;
    const caData = text(fields["certificate-authority-data"]);
    const caFile = fileIn(folder, fields["certificate-authority"]);
    const isInsecure = fields["insecure-skip-tls-verify"] === true;
    const server = addressOf(text(fields.server) ?? "");
    const isPlain = server.startsWith("http:");
    const proxyUrl = text(fields["proxy-url"]) ?? (URL.canParse(server) ? proxyFor(server) : undefined);
    const tlsServerName = text(fields["tls-server-name"]);
    return {
        name,
        server,
        skipTLSVerify: isInsecure || isPlain, // the library refuses http without
        ...(tlsServerName && { tlsServerName }),
        ...(proxyUrl && { proxyUrl }),
        ...authorityOf(caData, caFile, isInsecure || isPlain),
        described: () => clusterInfo(entry),
    };
}

function authorityOf(
    caData: string | undefined,
    caFile: string | undefined,
    isUnused: boolean,
): Partial<KubectlCluster> {
    if (caData !== undefined) return { caData };
    if (caFile !== undefined) return { caFile };
    if (isUnused) return {};
    const known = [...getCACertificates("default"), ...getCACertificates("system")].join("\n");
    return { caData: Buffer.from(known).toString("base64") };
}

/** An address without a scheme means http. A slash at its end would be sent twice. */
function addressOf(server: string): string {
    const whole = server === "" || /^[a-z]+:\/\//i.test(server) ? server : `http://${server}`;
    return whole.replace(/\/+$/, "").replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase());
}

function userOf({ name, fields, folder }: KubeEntry): KubectlUser {
    const tokenFile = fileIn(folder, fields.tokenFile);
    return {
        name,
        impersonation: impersonationOf(fields),
        ...definedIn({
            certData: text(fields["client-certificate-data"]),
            certFile: fileIn(folder, fields["client-certificate"]),
            keyData: text(fields["client-key-data"]),
            keyFile: fileIn(folder, fields["client-key"]),
            tokenFile,
            token: tokenFile === undefined ? text(fields.token) : undefined, // as in kubectl, the file counts
            username: text(fields.username),
            password: text(fields.password),
            authProvider: fields["auth-provider"],
            plugin: pluginOf(fields.exec, folder),
        }),
    };
}

function impersonationOf(fields: KubeEntry["fields"]): Record<string, string[]> {
    const extra = Object.entries((fields["as-user-extra"] ?? {}) as Record<string, string[]>);
    const headers = {
        "Impersonate-User": [fields.as ?? []].flat(),
        "Impersonate-Uid": [fields["as-uid"] ?? []].flat(),
        "Impersonate-Group": [fields["as-groups"] ?? []].flat(),
        ...Object.fromEntries(extra.map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values])),
    };
    return Object.fromEntries(Object.entries(headers).filter(([, values]) => values.length > 0)) as Record<
        string,
        string[]
    >;
}

function pluginOf(exec: unknown, folder: string): ExecPlugin | undefined {
    if (typeof exec !== "object" || exec === null) return undefined;
    const fields = exec as Record<string, unknown>;
    const command = text(fields.command) ?? "";
    const variables = (fields.env ?? []) as { name: string; value: string }[];
    return {
        command: command.includes(sep) ? resolve(folder, command) : command,
        args: ((fields.args ?? []) as unknown[]).map(String),
        env: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
        apiVersion: text(fields.apiVersion) ?? "client.authentication.k8s.io/v1beta1",
        interactiveMode: (text(fields.interactiveMode) ?? "IfAvailable") as ExecPlugin["interactiveMode"],
        installHint: text(fields.installHint),
        wantsCluster: fields.provideClusterInfo === true,
    };
}

/** The cluster for a plugin: `spec.cluster` of an ExecCredential. */
function clusterInfo({ fields, folder }: KubeEntry): Record<string, unknown> {
    const caFile = fileIn(folder, fields["certificate-authority"]);
    const data = text(fields["certificate-authority-data"]) ?? (caFile && readFileSync(caFile).toString("base64"));
    const extensions = (fields.extensions ?? []) as { name: string; extension: unknown }[];
    return definedIn({
        server: fields.server,
        "tls-server-name": fields["tls-server-name"],
        "insecure-skip-tls-verify": fields["insecure-skip-tls-verify"],
        "certificate-authority-data": data,
        "proxy-url": fields["proxy-url"],
        config: extensions.find(({ name }) => name === "client.authentication.k8s.io/exec")?.extension,
    });
}

function fileIn(folder: string, path: unknown): string | undefined {
    const given = text(path);
    return given === undefined ? undefined : resolve(folder, given);
}

/** @returns undefined also for an empty text, which means the same in a kubeconfig */
function text(value: unknown): string | undefined {
    return value === undefined || value === null || value === "" ? undefined : String(value);
}

function definedIn<T extends object>(fields: T): { [key in keyof T]?: Exclude<T[key], undefined> } {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
