import assert from "node:assert/strict";
import { proxyFor } from "../../../cli/cluster/environment-proxy.ts";

describe("proxyFor", () => {
    const server = "https://api.prod.example.com:6443";
    const proxy = "http://proxy:3128";

    it("takes the proxy of the server's scheme, in capitals first, and adds http to a bare one", () => {
        assert.equal(proxyFor(server, {}), undefined);
        assert.equal(proxyFor(server, { HTTPS_PROXY: proxy, https_proxy: "http://other" }), proxy);
        assert.equal(proxyFor(server, { https_proxy: "proxy:3128" }), proxy);
        assert.equal(proxyFor(server, { HTTPS_PROXY: "socks5://proxy:1080" }), "socks5://proxy:1080");
        assert.equal(proxyFor(server, { HTTP_PROXY: proxy }), undefined);
        assert.equal(proxyFor("http://10.0.0.1:8080", { HTTP_PROXY: proxy }), proxy);
    });

    it("never uses one for this machine", () => {
        for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"]) {
            assert.equal(proxyFor(`https://${host}:6443`, { HTTPS_PROXY: proxy }), undefined, host);
        }
    });

    for (const [noProxy, at, isDirect] of [
        ["*", server, true],
        ["example.com", server, true],
        ["example.com", "https://example.com", true],
        [".example.com", server, true],
        [".example.com", "https://example.com", false],
        ["*.example.com", server, true],
        ["ample.com", server, false],
        ["Example.COM", server, true],
        [" other , example.com ", server, true],
        ["example.com:6443", server, true],
        ["example.com:443", server, false],
        ["example.com:443", "https://api.example.com", true],
        ["10.0.0.1", "https://10.0.0.1:6443", true],
        ["10.0.0.1:443", "https://10.0.0.1:6443", false],
        ["10.0.0.0/8", "https://10.1.2.3:6443", true],
        ["10.0.0.0/8", "https://11.1.2.3:6443", false],
        ["10.0.0.0/8", "https://[fd00::7]:6443", false],
        ["fd00::/8", "https://[fd00::7]:6443", true],
        ["fd00::7", "https://[fd00::7]:6443", true],
        ["[fd00::7]:6443", "https://[fd00::7]:6443", true],
        ["10.0.0.0/33", "https://10.1.2.3:6443", false],
        [":6443", server, false],
        ["", server, false],
    ] as const) {
        it(`reaches ${at} ${isDirect ? "directly" : "through the proxy"} if NO_PROXY is "${noProxy}"`, () => {
            const env = { HTTPS_PROXY: proxy, NO_PROXY: noProxy };
            assert.equal(proxyFor(at, env), isDirect ? undefined : proxy);
        });
    }
});
