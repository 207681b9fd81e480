import { BlockList, isIPv6 } from "node:net";
import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import {
    addressesOf,
    bridge,
    bridgeAlias,
    controlNode,
    describeNode,
    type IpFamily,
    type NodeDescription,
} from "../layout.ts";

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
export async function createBridge(family: IpFamily): Promise<void> {
    await ip("link", "add", bridge, "type", "bridge");
    await ip("link", "set", bridge, "alias", bridgeAlias);
    for (const { host, length } of addressesOf(family)) {
        await ip("address", "add", `${host}/${length}`, "dev", bridge, ...withoutDetection(host));
    }
    await ip("link", "set", bridge, "up");
}

/** @throws SandboxError if something on the host conflicts with the sandbox's network */
export async function refuseNetworkConflicts(family: IpFamily): Promise<void> {
    const [found, ways] = [await links(), await routes()];
    for (const { nodes } of addressesOf(family)) refuseConflicts(found, ways, nodes);
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
    const control = describeNode(controlNode.number, node.family);
    const ways = node.addresses.map((address, index) => {
        const [own = "", pods = ""] = [control.addresses[index], node.podCidrs[index]];
        // The control node has this address already, but only those on the link itself are announced to neighbours.
        return `ip address add ${own} dev ${node.link} ${withoutDetection(own).join(" ")}
ip route add ${address} dev ${node.link}
ip route add ${pods} via ${address} dev ${node.link}`;
    });
    const script = `set -e
ip link delete ${node.link} 2>/dev/null || true
ip link add ${node.link} type veth peer name eth0 netns ${pid}
ip link set ${node.link} up
${ways.join("\n")}`;
    await run("nsenter", "--target", String(controlPid), "--net", "--", "sh", "-c", script);
}

/** Arguments of `ip address add`: an IPv6 address is usable at once if nothing looks for a duplicate first. */
export function withoutDetection(address: string): string[] {
    return isIPv6(address) ? ["nodad"] : [];
}

/** Removes our bridge and the links on it, if they exist. */
export async function removeBridge(): Promise<void> {
    const ours = (await links()).filter(isOurs);
    for (const { ifname } of ours.filter((link) => link.ifname !== bridge)) await ipIfThere("link", "delete", ifname);
    if (ours.some((link) => link.ifname === bridge)) await ipIfThere("link", "delete", bridge);
}

/**
 * @param range of the nodes
 * @throws SandboxError if something else on the host uses the name or the addresses of the sandbox's network
 */
export function refuseConflicts(links: readonly Link[], routes: readonly Route[], range: string): void {
    const stranger = links.find((link) => link.ifname === bridge && !isOurs(link));
    if (stranger !== undefined) {
        throw new SandboxError(
            `the host already has a network link named ${bridge} that the sandbox did not create; inspect it with "ip link show ${bridge}", rename or delete it, and try again`,
        );
    }
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
        if (dst === "default" || dev === bridge || !overlaps(dst, range)) continue;
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

/** Whether two addresses or ranges overlap; those of different families never do. */
export function overlaps(a: string, b: string): boolean {
    return contains(a, b) || contains(b, a);
}

/** Whether a range contains the first address of another. */
function contains(range: string, other: string): boolean {
    const [[network = "", length], [address = ""]] = [range.split("/"), other.split("/")] as [string[], string[]];
    const family = isIPv6(network) ? "ipv6" : "ipv4";
    if (isIPv6(address) !== isIPv6(network)) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(length ?? (family === "ipv6" ? 128 : 32)), family);
    return list.check(address, family);
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
    const found = await Promise.all(
        ["-4", "-6"].map((family) => execa("ip", ["-json", family, "route", "show", "table", "all"])),
    );
    return found
        .flatMap(({ stdout }) => JSON.parse(stdout || "[]") as Route[])
        .filter((route) => route.dst !== undefined);
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
