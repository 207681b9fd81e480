import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import { bridge, bridgeAlias, controlNode, hostAddress, type NodeDescription, nodeRange } from "../layout.ts";

/** A link of the host: output of `ip -json address`, plus the alias, which only `ip -json link` shows. */
export interface Link {
    ifname: string;
    ifalias?: string;
    flags?: string[];
    addr_info?: { local?: string; prefixlen?: number }[];
}

/** A route in the output of `ip -json route`. */
export interface Route {
    dst: string;
    dev?: string;
    gateway?: string;
}

/** Creates the sandbox's bridge, the only part of its network that the host sees. */
export async function createBridge(): Promise<void> {
    await ip("link", "add", bridge, "type", "bridge");
    await ip("link", "set", bridge, "alias", bridgeAlias);
    await ip("address", "add", `${hostAddress}/${nodeRange.length}`, "dev", bridge);
    await ip("link", "set", bridge, "up");
}

/** @throws SandboxError if something on the host conflicts with the sandbox's network */
export async function refuseNetworkConflicts(): Promise<void> {
    refuseConflicts(await links(), await routes());
}

/** Connects the control node to the bridge; the link's end in the node is called eth0. */
export async function connectControlNode(pid: number): Promise<void> {
    const { link } = controlNode;
    await ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
    await ip("link", "set", link, "alias", bridgeAlias, "master", bridge, "up");
}

/**
 * Connects another node to the control node; the link's end in that node is called eth0. It bypasses the host and its
 * bridge: with Docker on the host, for example, traffic across a bridge goes through the host's firewall, which can
 * drop it.
 * @param pid a process of the node
 * @param controlPid a process of the control node
 */
export async function connectWorker(node: NodeDescription, pid: number, controlPid: number): Promise<void> {
    // The link of a node that has just ended can exist a moment longer.
    const script = `set -e
ip link delete ${node.link} 2>/dev/null || true
ip link add ${node.link} type veth peer name eth0 netns ${pid}
ip address add ${controlNode.address} peer ${node.address} dev ${node.link}
ip link set ${node.link} up
ip route add ${node.podCidr} via ${node.address}`;
    await run("nsenter", "--target", String(controlPid), "--net", "--", "sh", "-c", script);
}

/** Removes our bridge and the links on it, if they exist. */
export async function removeBridge(): Promise<void> {
    const ours = (await links()).filter(isOurs);
    for (const { ifname } of ours.filter((link) => link.ifname !== bridge)) await ipIfThere("link", "delete", ifname);
    if (ours.some((link) => link.ifname === bridge)) await ipIfThere("link", "delete", bridge);
}

/**
 * @throws SandboxError if something else on the host uses the name or the addresses of the sandbox's network
 */
export function refuseConflicts(links: readonly Link[], routes: readonly Route[]): void {
    const stranger = links.find((link) => link.ifname === bridge && !isOurs(link));
    if (stranger !== undefined) {
        throw new SandboxError(
            `the host already has a network link named ${bridge} that the sandbox did not create; inspect it with "ip link show ${bridge}", rename or delete it, and try again`,
        );
    }
    const range = `${nodeRange.prefix}.0/${nodeRange.length}`;
    const others = links.filter((link) => !isOurs(link));
    for (const link of others) {
        for (const { local } of link.addr_info ?? []) {
            if (local === undefined || !overlaps(local, range)) continue;
            throw new SandboxError(
                `the sandbox needs the addresses ${range}, but ${link.ifname} on this host has ${local}; remove that address during the run, or use minikube or k3d with --stack`,
            );
        }
    }
    for (const { dst, dev, gateway } of routes) {
        if (dst === "default" || dst.includes(":") || dev === bridge || !overlaps(dst, range)) continue;
        const way = gateway === undefined ? `dev ${dev ?? "?"}` : `via ${gateway} dev ${dev ?? "?"}`;
        throw new SandboxError(
            `the sandbox needs the addresses ${range}, but this host has a route to ${dst} (${way}); remove that route during the run, or use minikube or k3d with --stack`,
        );
    }
}

/** A link with our alias, or our bridge from a start that was killed before it set the alias. */
function isOurs(link: Link): boolean {
    if (link.ifalias === bridgeAlias) return true;
    const untouched = link.addr_info?.length === 0 && link.flags?.includes("UP") === false;
    return link.ifname === bridge && link.ifalias === undefined && untouched;
}

/** Whether two IPv4 addresses or ranges overlap. IPv6 never overlaps with ours. */
export function overlaps(a: string, b: string): boolean {
    if (a.includes(":") || b.includes(":")) return false;
    const [one, two] = [parseRange(a), parseRange(b)];
    const size = 2 ** (32 - Math.min(one.length, two.length));
    return Math.floor(one.base / size) === Math.floor(two.base / size);
}

function parseRange(range: string): { base: number; length: number } {
    const [address = "", length = "32"] = range.split("/");
    return { base: address.split(".").reduce((total, part) => total * 256 + Number(part), 0), length: Number(length) };
}

async function links(): Promise<Link[]> {
    const [addresses, aliases] = await Promise.all(
        ["address", "link"].map(async (what) => JSON.parse((await execa("ip", ["-json", what])).stdout) as Link[]),
    );
    const aliasOf = new Map(aliases?.map(({ ifname, ifalias }) => [ifname, ifalias]));
    return (addresses ?? []).map((link) => {
        const ifalias = aliasOf.get(link.ifname);
        return ifalias === undefined ? link : { ...link, ifalias };
    });
}

async function routes(): Promise<Route[]> {
    const { stdout } = await execa("ip", ["-json", "-4", "route", "show", "table", "all"]);
    return (JSON.parse(stdout || "[]") as Route[]).filter((route) => route.dst !== undefined);
}

function ip(...args: string[]): Promise<void> {
    return run("ip", ...args);
}

async function run(command: string, ...args: string[]): Promise<void> {
    const result = await execa(command, args, { reject: false });
    if (result.failed) {
        throw new SandboxError(
            `"${command} ${args.join(" ")}" failed: ${result.stderr}; the sandbox needs a kernel with bridges and veth pairs, and permission to create them`,
        );
    }
}

/** A link can disappear meanwhile, with the namespace at its other end. */
async function ipIfThere(...args: string[]): Promise<void> {
    const result = await execa("ip", args, { reject: false });
    if (result.failed && !/Cannot find device/.test(result.stderr)) {
        throw new SandboxError(`"ip ${args.join(" ")}" failed: ${result.stderr}`);
    }
}
