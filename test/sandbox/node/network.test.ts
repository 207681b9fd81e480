import assert from "node:assert/strict";
import fc from "fast-check";
import { bridge, bridgeAlias } from "../../../sandbox/layout.ts";
import { type Link, overlaps, type Route, refuseConflicts } from "../../../sandbox/node/network.ts";

const lo: Link = { ifname: "lo", addr_info: [{ local: "127.0.0.1", prefixlen: 8 }] };
const eth0: Link = {
    ifname: "eth0",
    addr_info: [
        { local: "192.168.1.20", prefixlen: 24 },
        { local: "fe80::1", prefixlen: 64 },
    ],
};
const ours: Link = { ifname: bridge, ifalias: bridgeAlias, addr_info: [{ local: "198.19.213.1", prefixlen: 24 }] };
const usual: Route[] = [
    { dst: "default", dev: "eth0", gateway: "192.168.1.1" },
    { dst: "192.168.1.0/24", dev: "eth0" },
    { dst: "10.0.0.0/8", dev: "tun0" },
    { dst: "198.19.213.0/24", dev: bridge },
];

describe("the sandbox's place in the host's network", () => {
    it("is free on a usual host, and where the sandbox is already", () => {
        assert.doesNotThrow(() => refuseConflicts([lo, eth0], usual.slice(0, 3)));
        assert.doesNotThrow(() => refuseConflicts([lo, eth0, ours], usual));
    });

    it("is refused, by name, if somebody else's link has the bridge's name", () => {
        assert.throws(() => refuseConflicts([lo, { ifname: bridge }], []), {
            name: "SandboxError",
            message: `the host already has a network link named ${bridge} that the sandbox did not make; look at it with "ip link show ${bridge}", rename or delete it, and start again`,
        });
    });

    it("is refused if a link of the host has one of the addresses", () => {
        const tun: Link = { ifname: "tun0", addr_info: [{ local: "198.19.213.77", prefixlen: 32 }] };
        assert.throws(() => refuseConflicts([lo, tun], []), {
            name: "SandboxError",
            message:
                "the sandbox uses the addresses 198.19.213.0/24 and tun0 on this host has 198.19.213.77; take that address away for the time of the run, or use minikube or k3d with --stack",
        });
    });

    it("is refused if the host has a route to some of the addresses", () => {
        const vpn: Route = { dst: "198.18.0.0/15", dev: "tun0", gateway: "10.8.0.1" };
        assert.throws(() => refuseConflicts([lo], [vpn]), {
            name: "SandboxError",
            message:
                "the sandbox uses the addresses 198.19.213.0/24 and this host has a route to 198.18.0.0/15 (via 10.8.0.1 dev tun0); take that route away for the time of the run, or use minikube or k3d with --stack",
        });
    });
});

describe("overlapping ranges", () => {
    const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const number = (parts: readonly number[]) => parts.reduce((total, part) => total * 256 + part, 0);

    it("are those with an address in common", () => {
        fc.assert(
            fc.property(
                address,
                fc.integer({ min: 0, max: 32 }),
                address,
                fc.integer({ min: 0, max: 32 }),
                (a, m, b, n) => {
                    const first = (parts: readonly number[], length: number) => {
                        const size = 2 ** (32 - length);
                        const start = Math.floor(number(parts) / size) * size;
                        return [start, start + size - 1] as const;
                    };
                    const [[a0, a1], [b0, b1]] = [first(a, m), first(b, n)];
                    const expected = a0 <= b1 && b0 <= a1;
                    assert.equal(overlaps(`${a.join(".")}/${m}`, `${b.join(".")}/${n}`), expected);
                    assert.equal(overlaps(`${b.join(".")}/${n}`, `${a.join(".")}/${m}`), expected);
                },
            ),
        );
    });

    it("are read from an address without a length, and never mix IPv6 with IPv4", () => {
        assert.equal(overlaps("198.19.213.9", "198.19.213.0/24"), true);
        assert.equal(overlaps("198.19.214.9", "198.19.213.0/24"), false);
        assert.equal(overlaps("fe80::1", "0.0.0.0/0"), false);
    });
});
