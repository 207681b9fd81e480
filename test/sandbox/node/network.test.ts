import assert from "node:assert/strict";
import fc from "fast-check";
import { bridge, bridgeAlias } from "../../../sandbox/layout.ts";
import { type Link, overlaps, type Route, refuseConflicts } from "../../../sandbox/node/network.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("sandbox/node/network");

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

describe("the sandbox's network on the host", () => {
    const range = "198.19.213.0/24";
    it("has no conflict on a usual host, nor if the sandbox is already running", () => {
        assert.doesNotThrow(() => refuseConflicts([lo, eth0], usual.slice(0, 3), range));
        assert.doesNotThrow(() => refuseConflicts([lo, eth0, ours], usual, range));
    });

    it("is refused if another link has the bridge's name", () => {
        assert.throws(
            () => refuseConflicts([lo, { ifname: bridge }], [], range),
            ({ name, message }: Error) => {
                assert.equal(name, "SandboxError");
                assert.match(message, new RegExp(`named ${bridge} .*"ip link show ${bridge}"`));
                asText("the name of the bridge", message);
                return true;
            },
        );
    });

    it("is refused if a link of the host has one of the addresses", () => {
        const tun: Link = { ifname: "tun0", addr_info: [{ local: "198.19.213.77", prefixlen: 32 }] };
        assert.throws(
            () => refuseConflicts([lo, tun], [], range),
            ({ name, message }: Error) => {
                assert.equal(name, "SandboxError");
                assert.match(message, /198\.19\.213\.0\/24.* tun0 .* 198\.19\.213\.77;.*--stack/);
                asText("an address", message);
                return true;
            },
        );
    });

    it("is refused if the host has a route to some of the addresses", () => {
        const vpn: Route = { dst: "198.18.0.0/15", dev: "tun0", gateway: "10.8.0.1" };
        assert.throws(
            () => refuseConflicts([lo], [vpn], range),
            ({ name, message }: Error) => {
                assert.equal(name, "SandboxError");
                assert.match(message, /198\.19\.213\.0\/24.* 198\.18\.0\.0\/15 \(via 10\.8\.0\.1 dev tun0\);.*--stack/);
                asText("a route", message);
                return true;
            },
        );
    });
});

describe("overlapping ranges", () => {
    const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const number = (parts: readonly number[]) => parts.reduce((total, part) => total * 256 + part, 0);

    it("share at least one address", () => {
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
