import { execFileSync } from "node:child_process";

/** Runs a command in which a limit of inotify is 0. @param limit e.g. `max_inotify_watches` @returns its standard output */
export function withoutInotify(limit: string, command: readonly string[]): string {
    const script = `echo 0 > /proc/sys/user/${limit} && exec "$@"`;
    return execFileSync("unshare", ["-Ur", "sh", "-c", script, "sh", ...command], { encoding: "utf8" });
}
