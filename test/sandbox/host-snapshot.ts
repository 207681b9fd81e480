import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Folders in which Kubernetes, containerd or their helpers leave files on an ordinary node. */
const folders = ["/etc", "/opt", "/usr/libexec", "/usr/local/bin", "/var/lib"];
/** Folders that others change all the time: only our own names count there. */
const busyFolders = ["/run", "/tmp", "/var/cache", "/var/log"];
const ours = /kube|containerd|runc|cni|netns|etcd|coredns|pods|^hopcost-sandbox\.|^hopcost$/;
/** Settings of the machine that a kubelet or kube-proxy changes on an ordinary node. */
const sysctls = [
    "kernel/keys/root_maxbytes",
    "kernel/keys/root_maxkeys",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
    "net/ipv4/conf/all/route_localnet",
    "net/ipv4/conf/all/rp_filter",
    "vm/overcommit_memory",
    "vm/panic_on_oom",
];

/** What the sandbox could leave on a host, as text to compare: without what Debian packages own, which other tests install meanwhile. */
export function hostSnapshot(): Record<string, string[]> {
    const owned = packagedPaths();
    const isOthers = (path: string) => owned.has(path) && !ours.test(basename(path));
    const run = (command: string, ...args: string[]) => execFileSync(command, args).toString().trim().split("\n");
    return {
        links: run("ip", "-oneline", "link").map((line) => line.split(": ")[1] ?? ""),
        addresses: run("ip", "-oneline", "-4", "address").map((line) => line.split(/\s+/).slice(1, 4).join(" ")),
        routes: run("ip", "-4", "route", "show", "table", "all").map((line) => line.trim()),
        rules: run("nft", "list", "ruleset"),
        mounts: readFileSync("/proc/self/mountinfo", "utf8")
            .split("\n")
            .map((line) => line.split(" ")[4] ?? "")
            .sort(),
        cgroups: hopcostCgroups("/sys/fs/cgroup"),
        files: [
            ...folders.flatMap(entriesOf).filter((path) => !isOthers(path)),
            ...busyFolders.flatMap(entriesOf).filter((path) => ours.test(basename(path))),
        ],
        sysctls: sysctls.map((name) => {
            const path = join("/proc/sys", name);
            return `${name}=${existsSync(path) ? readFileSync(path, "utf8").trim() : "none"}`;
        }),
    };
}

/** Every path of an installed Debian package. */
function packagedPaths(): Set<string> {
    const folder = "/var/lib/dpkg/info";
    const lists = entriesOf(folder).filter((path) => path.endsWith(".list"));
    return new Set(lists.flatMap((list) => readFileSync(list, "utf8").split("\n")));
}

function entriesOf(folder: string): string[] {
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function hopcostCgroups(folder: string, depth = 2): string[] {
    if (depth < 0 || !existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap(({ name }) => {
            const path = join(folder, name);
            return name.startsWith("hopcost") ? [path] : hopcostCgroups(path, depth - 1);
        });
}
