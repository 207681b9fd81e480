import { readdirSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import type { TarEntry } from "./tar.ts";

/** A file of an image, and its path on this machine. */
export interface Source {
    /** Path in the image, without the leading slash. */
    name: string;
    from: string;
}

/** Mount points of every container, and parents of the files below. */
const usualFolders = ["dev", "etc", "home", "proc", "run", "sys"];

/**
 * Files of an image for programs with shared libraries: the sources and the user's account.
 * @param user the user's line in /etc/passwd
 */
export function userland(user: string, sources: readonly Source[]): TarEntry[] {
    const [name, , , group] = user.split(":");
    const accounts = {
        "etc/passwd": `root:x:0:0:root:/root:/bin/sh\n${user}\n`,
        "etc/group": `root:x:0:\n${name}:x:${group}:\n`,
        "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    };
    const folders = new Set([...usualFolders, ...sources.flatMap(({ name }) => foldersAbove(name))]);
    return [
        ...[...folders].sort().map((name): TarEntry => ({ kind: "folder", name })),
        ...Object.entries(accounts).map(([name, content]): TarEntry => ({ kind: "file", name, content })),
        ...sources.map(executable),
    ];
}

/** A file that everyone may execute. */
export function executable({ name, from }: Source): TarEntry {
    return { kind: "file", name, mode: 0o755, from };
}

function foldersAbove(path: string): string[] {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** All files below a folder, sorted. @param name of the folder in the image */
export function filesBelow(folder: string, name: string): Source[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((from) => ({ name: `${name}/${relative(folder, from)}`, from }));
}

/** Programs with the shared libraries that `ldd` lists, at the paths where the loader looks for them. */
export async function withLibraries(programs: readonly Source[]): Promise<Source[]> {
    const files = new Map(programs.map(({ name, from }) => [name, from]));
    for (const { from } of programs) {
        const { stdout } = await execa("ldd", [from], { reject: false });
        for (const library of librariesOf(stdout)) files.set(library.slice(1), realpathSync(library));
    }
    return [...files].map(([name, from]) => ({ name, from }));
}

/** The paths in the output of `ldd`. */
export function librariesOf(output: string): string[] {
    return [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map((match) => match[1] ?? "");
}
