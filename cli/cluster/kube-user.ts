import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { type Cluster, KubeConfig, type RequestContext, type User } from "@kubernetes/client-node";
import { Agent, type Dispatcher } from "undici";
import { credentialOf, type ExecPlugin, type PluginCall } from "./exec-plugin.ts";

/** For a whole answer, which can be a long list: a server that goes away without a word must not hold a command. */
const answerMs = 30_000;

/** How the library lets others authenticate. */
type Authenticator = Parameters<KubeConfig["addAuthenticator"]>[0];

/** A cluster of a kubeconfig. */
export interface KubectlCluster extends Cluster {
    /** What a plugin gets to know about it: `spec.cluster` of an ExecCredential. @throws Error if its CA can't be read */
    described(): Readonly<Record<string, unknown>>;
}

/** A user of a kubeconfig, with what the library doesn't know or does otherwise than kubectl. */
export interface KubectlUser extends User {
    plugin?: ExecPlugin;
    tokenFile?: string;
    /** Whom the user acts as (`as`, `as-groups`, ...): headers, some of which are sent several times. */
    impersonation: Readonly<Record<string, string[]>>;
}

/** A kubeconfig whose users authenticate as with kubectl. */
export class KubectlConfig extends KubeConfig {
    constructor() {
        super();
        this.addAuthenticator(asKubectl(() => this.plugin));
    }

    /** The plugin that the user of the current context needs; undefined if it has none, or other credentials. */
    get plugin(): PluginCall | undefined {
        const { plugin, tokenFile, token, username } = this.getCurrentUser() ?? {};
        if (plugin === undefined || tokenFile !== undefined || token || username) return undefined;
        const cluster = this.getCurrentCluster() as KubectlCluster | null;
        return { ...plugin, cluster: plugin.wantsCluster ? cluster?.described() : undefined };
    }

    /** Without credentials if the server has no TLS: as with kubectl, nobody on the way may read them. */
    override getCurrentUser(): KubectlUser | null {
        const user = super.getCurrentUser() as KubectlUser | null;
        const isPlain = this.getCurrentCluster()?.server.startsWith("http:");
        return user !== null && isPlain ? { name: user.name, impersonation: {} } : user;
    }

    private get impersonation(): KubectlUser["impersonation"] {
        return this.getCurrentUser()?.impersonation ?? {};
    }

    /** For WebSockets. */
    override async applyToHTTPSOptions(options: RequestOptions): Promise<void> {
        await super.applyToHTTPSOptions(options);
        options.headers = { ...(options.headers as Record<string, string>), ...this.impersonation };
    }

    override async applySecurityAuthentication(context: RequestContext): Promise<void> {
        await super.applySecurityAuthentication(context);
        context.setSignal(AbortSignal.timeout(answerMs));
        const headers = Object.entries(this.impersonation);
        if (headers.length === 0) return;
        // The library sends a header once; the server takes one with commas as one group.
        const dispatcher = (context.getDispatcher() as Dispatcher | undefined) ?? new Agent();
        const added: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
            dispatch(
                { ...options, headers: { ...(options.headers as object), ...Object.fromEntries(headers) } },
                handler,
            );
        context.setDispatcher(dispatcher.compose(added));
    }
}

/** Tokens in files, and plugins. */
const asKubectl = (pluginOf: () => PluginCall | undefined): Authenticator => ({
    isAuthProvider: (user) => user.authProvider === undefined,
    applyAuthentication: async (user, options) => {
        const { tokenFile } = user as KubectlUser;
        const plugin = pluginOf();
        if (tokenFile !== undefined) authorize(options, tokenIn(tokenFile));
        if (plugin === undefined) return;
        const { token, clientCertificateData, clientKeyData } = await credentialOf(plugin);
        if (token !== undefined) authorize(options, token);
        if (clientCertificateData !== undefined) options.cert = clientCertificateData;
        if (clientKeyData !== undefined) options.key = clientKeyData;
    },
});

function authorize(options: { headers?: unknown }, token: string): void {
    options.headers = { ...(options.headers as Record<string, string>), Authorization: `Bearer ${token}` };
}

/** Read at each request: clusters renew such files. */
function tokenIn(file: string): string {
    return readFileSync(file, "utf8").trim();
}
