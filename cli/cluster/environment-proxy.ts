import { BlockList, isIP } from "node:net";

/**
 * The proxy that the environment names for a server, as kubectl and Pulumi's provider read it: HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY (or in lower case), https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config.
 * @param server address of the server, e.g. `https://10.0.0.1:6443`
 * @returns its address; undefined if the server is reached directly
 */
export function proxyFor(server: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
    const { protocol, hostname, port } = new URL(server);
    const isHttps = protocol === "https:";
    const name = isHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
    const proxy = env[name] || env[name.toLowerCase()];
    if (!proxy) return undefined;
    const at = { host: hostname.replace(/^\[|\]$/g, ""), port: port || (isHttps ? "443" : "80") };
    const excepted = (env.NO_PROXY || env.no_proxy || "").split(",").map((entry) => entry.trim().toLowerCase());
    if (isThisMachine(at.host) || excepted.some((entry) => covers(entry, at))) return undefined;
    return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function isThisMachine(host: string): boolean {
    return host === "localhost" || covers("127.0.0.0/8", { host, port: "" }) || host === "::1";
}

/** @param entry of NO_PROXY: `*`, an address, a range, a name or `.suffix`, each but the range with or without a port */
function covers(entry: string, { host, port }: { host: string; port: string }): boolean {
    if (entry === "*") return true;
    const range = /^([^/]+)\/(\d+)$/.exec(entry);
    if (range !== null) return isInRange(host, range[1] ?? "", Number(range[2]));
    const [, bracketed, plain = "", onlyPort] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*))(?::(\d+))?$/.exec(entry) ?? [];
    const named = bracketed ?? plain;
    if (named === "" || (onlyPort !== undefined && onlyPort !== port)) return false;
    if (isIP(named) !== 0) return named === host;
    const suffix = named.replace(/^\*?\./, ".");
    return suffix.startsWith(".") ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function isInRange(host: string, network: string, prefix: number): boolean {
    const [of, at] = [isIP(network), isIP(host)];
    if (of === 0 || of !== at || prefix > (of === 4 ? 32 : 128)) return false;
    const range = new BlockList();
    const family = of === 4 ? "ipv4" : "ipv6";
    range.addSubnet(network, prefix, family);
    return range.check(host, family);
}
