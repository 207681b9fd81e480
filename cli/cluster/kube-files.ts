import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";

/** An entry of a kubeconfig as it stands there, and the folder of its file, where its paths start. */
export interface KubeEntry {
    name: string;
    fields: Readonly<Record<string, unknown>>;
    folder: string;
}

/** What the lists of a kubeconfig hold. */
export type Kind = "cluster" | "user" | "context";

/** A list of a kubeconfig as it stands there. */
export interface KubeList {
    file: string;
    list: string;
    kind: Kind;
    found: readonly unknown[];
}
/** Throws an error if a list holds something else. */
type Check = (list: KubeList) => void;

interface KubeDocument {
    file: string;
    document: Readonly<Record<string, unknown>>;
}

/**
 * Reads the entries of one or more kubeconfigs as kubectl does: files that are missing are ignored, and the first that
 * defines a name wins.
 * @param path of the file; without it, where kubectl looks (KUBECONFIG, ~/.kube/config)
 * @param check of each list, for those who need more than names
 * @throws Error if it can't be read or is not a kubeconfig
 */
export function readKubeEntries(
    path: string | undefined,
    check: Check,
): Record<"clusters" | "users" | "contexts", KubeEntry[]> {
    const documents = (path === undefined ? usualFiles() : [path]).map((file) => ({ file, document: read(file) }));
    const entries = (list: string, kind: Kind) =>
        firstOfEachName(documents.flatMap((document) => entriesIn(document, list, kind, check)));
    return {
        clusters: entries("clusters", "cluster"),
        users: entries("users", "user"),
        contexts: entries("contexts", "context"),
    };
}

/** Names of the contexts in the user's kubeconfig; empty if there is none. */
export function knownContexts(): string[] {
    try {
        return readKubeEntries(undefined, () => {}).contexts.map(({ name }) => name);
    } catch {
        return []; // an unreadable kubeconfig has no contexts to propose
    }
}

/** The files that kubectl reads if none is named. If none exists, the first, so that reading it fails with its name. */
function usualFiles(): string[] {
    const named = (process.env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
    const usual = named.length > 0 ? named : [join(homedir(), ".kube", "config")];
    const found = usual.filter((file) => existsSync(file));
    return found.length > 0 ? found : usual.slice(0, 1);
}

/** @throws Error that shows no part of the file: the part that is not YAML may be a token */
function read(file: string): Readonly<Record<string, unknown>> {
    const document = yamlIn(readFileSync(file, "utf8"), file) ?? {};
    if (typeof document === "object" && !Array.isArray(document)) return document as Record<string, unknown>;
    throw new Error(`${file} is not a kubeconfig: it is not a map`);
}

function yamlIn(text: string, file: string): unknown {
    try {
        return parse(text, { uniqueKeys: false, logLevel: "error" }); // warnings would show lines of the file
    } catch (error) {
        // Not only YAMLParseError: an alias without an anchor is a ReferenceError, which shows its name.
        const [start] = (error instanceof YAMLParseError && error.linePos) || [];
        throw new Error(`${file} is not YAML${start === undefined ? "" : `, see line ${start.line}`}`);
    }
}

function entriesIn({ file, document }: KubeDocument, list: string, kind: Kind, check: Check): KubeEntry[] {
    const found: unknown = document[list];
    if (!Array.isArray(found)) return [];
    check({ file, list, kind, found });
    return found.map((entry: Record<string, unknown> | null) => ({
        name: String(entry?.name ?? ""),
        fields: (entry?.[kind] ?? {}) as KubeEntry["fields"],
        folder: dirname(resolve(file)),
    }));
}

function firstOfEachName(all: readonly KubeEntry[]): KubeEntry[] {
    return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}
