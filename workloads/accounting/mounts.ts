/** A line of /proc/self/mountinfo. */
export interface Mount {
    /** Path within the file system that is mounted. */
    root: string;
    mountPoint: string;
    /** File system type, e.g. `tmpfs`. */
    type: string;
    superOptions: string[];
}

/** Parses /proc/self/mountinfo. @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export function parseMounts(mountinfo: string): Mount[] {
    return mountinfo
        .split("\n")
        .filter((line) => line.includes(" - "))
        .map((line) => {
            const [left = "", right = ""] = line.split(" - ");
            const [, , , root = "", mountPoint = ""] = left.split(" ");
            const [type = "", , superOptions = ""] = right.split(" ");
            return {
                root: unescaped(root),
                mountPoint: unescaped(mountPoint),
                type,
                superOptions: superOptions.split(","),
            };
        });
}

/** The mount that contains a path: the last one at the longest mount point above it, which hides the others. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
    const above = mounts.filter(({ mountPoint }) => isBelow(path, mountPoint));
    const longest = Math.max(...above.map(({ mountPoint }) => mountPoint.length));
    return above.findLast(({ mountPoint }) => mountPoint.length === longest);
}

/** Whether a path is the folder or inside it. */
export function isBelow(path: string, folder: string): boolean {
    return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function unescaped(text: string): string {
    return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
