import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KernelFiles } from "../../../workloads/accounting/kernel-files.ts";

const folder = join(import.meta.dirname, "..", "accounting", "trees");

/** Files of /proc and /sys, recorded or written from the kernel's documentation. */
export class KernelTree implements KernelFiles {
    readonly files: Readonly<Record<string, string>>;

    constructor(files: Record<string, string>) {
        this.files = files;
    }

    /** The tree in `test/workloads/accounting/trees/NAME.tree`: output of `tail -n +1 FILE...`, after a remark. */
    static recorded(name: string): KernelTree {
        const [, ...parts] = readFileSync(join(folder, `${name}.tree`), "utf8").split(/^==> (.+) <==\n/m);
        const files = parts.flatMap((path, index) => {
            if (index % 2 === 1) return [];
            const text = parts[index + 1] ?? "";
            // `tail` separates files by an empty line, which isn't part of them.
            return [[path, index + 2 < parts.length ? text.slice(0, -1) : text] as const];
        });
        return new KernelTree(Object.fromEntries(files));
    }

    read = (path: string): string => {
        const text = this.files[path];
        if (text === undefined) throw absent(path);
        return text;
    };

    list = (path: string): string[] => {
        const below = Object.keys(this.files).filter((file) => file.startsWith(`${path}/`));
        if (below.length === 0) throw absent(path);
        return [...new Set(below.map((file) => file.slice(path.length + 1).split("/")[0] as string))];
    };

    /** This tree with files added or replaced. */
    with(files: Record<string, string>): KernelTree {
        return new KernelTree({ ...this.files, ...files });
    }

    /** This tree without the files whose path starts with this prefix. */
    without(start: string): KernelTree {
        return new KernelTree(
            Object.fromEntries(Object.entries(this.files).filter(([path]) => !path.startsWith(start))),
        );
    }
}

function absent(path: string): Error {
    return Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
}
