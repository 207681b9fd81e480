import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";

/** Names of the contexts in the user's kubeconfig; empty if there is none. */
export function knownContexts(): string[] {
    try {
        return contextsIn(loadKubeConfig(undefined));
    } catch {
        return []; // an unreadable kubeconfig has no contexts to propose
    }
}

/** Names of the contexts of a kubeconfig. */
export function contextsIn(config: KubeConfig): string[] {
    // Without a file the library invents a context.
    return config
        .getContexts()
        .map(({ name }) => name)
        .filter((name) => name !== "loaded-context");
}

/**
 * Reads a kubeconfig.
 * @param path of the file; without it, where kubectl looks (KUBECONFIG, ~/.kube/config)
 * @throws Error if it can't be read or is not a kubeconfig
 */
export function loadKubeConfig(path: string | undefined): KubeConfig {
    if (path !== undefined) return loaded(path, (config) => config.loadFromFile(path));
    const named = (process.env.KUBECONFIG ?? "").split(delimiter).filter((file) => existsSync(file));
    if (named.length === 0) return loaded("~/.kube/config", (config) => config.loadFromDefault());
    // Like kubectl: missing files are ignored, and the first file that defines a name wins.
    const files = named.map((file) => loaded(file, (config) => config.loadFromFile(file)));
    const config = new KubeConfig();
    config.loadFromOptions({
        clusters: firstOfEachName(files.flatMap((file) => file.getClusters())),
        users: firstOfEachName(files.flatMap((file) => file.getUsers())),
        contexts: firstOfEachName(files.flatMap((file) => file.getContexts())),
    });
    return config;
}

/** @throws Error that shows no part of the file: the part that is not YAML may be a token */
function loaded(file: string, load: (config: KubeConfig) => void): KubeConfig {
    const config = new KubeConfig();
    try {
        load(config);
    } catch (error) {
        const { name, mark } = error as { name?: string; mark?: { line: number } };
        if (name !== "YAMLException") throw error;
        throw new Error(`${file} is not YAML${mark === undefined ? "" : `, see line ${mark.line + 1}`}`);
    }
    return config;
}

function firstOfEachName<T extends { name: string }>(all: readonly T[]): T[] {
    return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}
