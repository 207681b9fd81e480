import { readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import {
    addressesOf,
    binFolder,
    controlNode,
    describeNode,
    logFolder,
    type NodeDescription,
    stateFolder,
} from "../layout.ts";
import { identityOf, type ProcessIdentity } from "../process-identity.ts";
import { createCgroup, processesIn, processFiles } from "./cgroups.ts";
import { withoutDetection } from "./network.ts";
import { kubeletSysctls } from "./node-files.ts";

/** Folders of the cache visible in a node, by their name below {@link binFolder}. */
export type Bindings = Readonly<Record<string, string>>;

const path = [join(binFolder, "kubernetes"), join(binFolder, "runtime"), "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(
    ":",
);
const allNamespaces = ["--mount", "--uts", "--ipc", "--net", "--pid"];
/** Cgroup of a node's own processes, beside its Pods'. */
const systemCgroup = (node: NodeDescription): string => `${node.cgroup}/system`;

/**
 * Starts the first process of a node, which holds the node's namespaces: mounts, host name, IPC, network, processes. It
 * is idle, but when it ends, the kernel ends every process of the node, including Pods.
 * @param pause command of that process
 */
export async function holdNamespaces(node: NodeDescription, pause: readonly string[]): Promise<ProcessIdentity> {
    createCgroup(systemCgroup(node));
    const files = processFiles(systemCgroup(node));
    // The shell's first child is the first process of the new process namespace; the shell itself stays outside.
    const script =
        'n=$1; shift; while [ $n -gt 0 ]; do echo 0 >"$1" || exit 1; shift; n=$((n-1)); done; "$@" </dev/null >/dev/null 2>&1 & echo $!';
    const args = [
        ...allNamespaces,
        "--propagation",
        "private",
        "sh",
        "-c",
        script,
        "sh",
        String(files.length),
        ...files,
        ...pause,
    ];
    const result = await execa("unshare", args, {
        detached: true,
        reject: false,
        cwd: "/",
        env: cleanEnvironment(),
        extendEnv: false,
    });
    const identity = result.failed ? undefined : identityOf(Number(result.stdout));
    if (identity === undefined) {
        throw new SandboxError(
            `can't create namespaces for node ${node.name}: ${result.stderr || "its first process ended at once"}; if this is a container, run it privileged`,
        );
    }
    return identity;
}

/** Sets up the inside of a node: its own /run, /var/lib and /var/log, the binaries, the loopback interface. */
export async function setUpInside(node: NodeDescription, holder: ProcessIdentity, bindings: Bindings): Promise<void> {
    const sysctls = Object.entries(kubeletSysctls).map(([name, value]) => `private_sysctl ${name} ${value}`);
    const script = `set -e
mount --make-rprivate /
mount -t proc proc /proc
hostname ${node.name}
${Object.entries(bindings)
    .map(([name, folder]) => `mount --bind '${folder}' ${join(binFolder, name)}`)
    .join("\n")}
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/hopcost/state /run/hopcost/sysctl
mount --rbind ${stateFolder} /run/hopcost/state
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir -p ${stateFolder}
mount --rbind /run/hopcost/state ${stateFolder}
umount --recursive /run/hopcost/state
mount -t tmpfs -o mode=755 tmpfs /var/log
mkdir -p /var/log/containers /var/log/pods
private_sysctl() {
    [ -e /proc/sys/$1 ] || return 0
    file=/run/hopcost/sysctl/$(echo $1 | tr / .)
    echo $2 >$file
    mount --bind $file /proc/sys/$1
}
${sysctls.join("\n")}
echo 1 >/proc/sys/net/ipv4/ip_forward
${node.family === "ipv4" ? "" : "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding"}
ip link set lo up
ip link set eth0 up
${addressesOf(node.family)
    .map(({ length, services }, index) => {
        const address = node.addresses[index] ?? "";
        // There is no way out, so no default route; the node itself needs one to Services all the same.
        return `ip address add ${address}/${length} dev eth0 ${withoutDetection(address).join(" ")}
ip route add ${services} dev eth0`;
    })
    .join("\n")}
${routesToControlNode(node)}
mount --make-rshared /
`;
    await inNode(node, holder, ["sh", "-c", script]);
}

/** The control node gets routes to the others when they are connected. */
function routesToControlNode(node: NodeDescription): string {
    if (node.number === controlNode.number) return "";
    const { addresses, podCidrs } = describeNode(controlNode.number, node.family);
    return podCidrs.map((pods, index) => `ip route add ${pods} via ${addresses[index]} dev eth0`).join("\n");
}

/** Runs a command inside a node and waits until it ends. @returns its standard output */
export async function inNode(
    node: NodeDescription,
    holder: ProcessIdentity,
    command: readonly string[],
): Promise<string> {
    const args = ["--target", String(holder.pid), ...allNamespaces, "--", ...command];
    const result = await execa("nsenter", args, { env: cleanEnvironment(), extendEnv: false, reject: false });
    if (result.failed) {
        const shown = command[0] === "sh" ? "its set-up" : command.slice(0, 6).join(" ");
        throw new SandboxError(`node ${node.name}: ${shown} failed: ${result.stderr.trim() || result.shortMessage}`);
    }
    return result.stdout;
}

/** Starts a program inside a node and leaves it running, with its output in a log file named after it. */
export async function startInNode(
    node: NodeDescription,
    holder: ProcessIdentity,
    command: readonly string[],
): Promise<void> {
    const log = logOf(node, basename(command[0] ?? ""));
    const files = processFiles(systemCgroup(node));
    const script =
        'log=$1; n=$2; shift 2; while [ $n -gt 0 ]; do echo 0 >"$1" || exit 1; shift; n=$((n-1)); done; exec "$@" >>"$log" 2>&1 </dev/null';
    await inNode(node, holder, [
        "setsid",
        "--fork",
        "sh",
        "-c",
        script,
        "sh",
        log,
        String(files.length),
        ...files,
        ...command,
    ]);
}

/** The log file of a node's program. */
export function logOf(node: NodeDescription, program: string): string {
    return join(logFolder, `${node.name}-${program}.log`);
}

/** A process of a node, with its host pid. */
export interface NodeProcess {
    pid: number;
    /** File name of the program it was started as. */
    program: string;
}

/** All processes in the holder's process namespace, without those in Pods' namespaces. */
export function processesOf(node: NodeDescription, holder: ProcessIdentity): NodeProcess[] {
    const namespace = namespaceOf(holder.pid);
    if (namespace === undefined) return [];
    return processesIn(node.cgroup)
        .filter((pid) => namespaceOf(pid) === namespace && identityOf(pid) !== undefined)
        .map((pid) => ({ pid, program: programOf(pid) }));
}

function namespaceOf(pid: number): string | undefined {
    try {
        return readlinkSync(`/proc/${pid}/ns/pid`);
    } catch {
        return undefined; // ended meanwhile
    }
}

function programOf(pid: number): string {
    try {
        const [program = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return basename(program);
    } catch {
        return "";
    }
}

function cleanEnvironment(): NodeJS.ProcessEnv {
    return { PATH: path, HOME: "/root", LC_ALL: "C" };
}
