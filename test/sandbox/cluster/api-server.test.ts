import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isThisSandbox } from "../../../sandbox/cluster/cluster.ts";
import { renderKubeconfig } from "../../../sandbox/node/certificates.ts";
import { folderPerTest } from "../folder.ts";

describe("the sandbox whose API server a scenario stops", () => {
    const folder = folderPerTest();
    const own = { server: "https://198.19.213.11:6443", ca: "our authority", cert: "c", key: "k" };
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const saved = () => {
        const path = join(folder(), "kubeconfig.yaml");
        writeFileSync(path, renderKubeconfig(own));
        return path;
    };

    it("is this machine's: by its address and its authority", () => {
        assert.ok(isThisSandbox(own.server, base64(own.ca), saved()));
    });

    it("is not another cluster at the same address, nor one of another address or without an authority", () => {
        const path = saved();
        assert.ok(!isThisSandbox(own.server, base64("another authority"), path));
        assert.ok(!isThisSandbox("https://198.19.213.12:6443", base64(own.ca), path));
        assert.ok(!isThisSandbox(own.server, undefined, path));
    });

    it("is none without a sandbox, or if its kubeconfig is damaged", () => {
        const path = join(folder(), "kubeconfig.yaml");
        assert.ok(!isThisSandbox(own.server, base64(own.ca), path));
        writeFileSync(path, "nothing");
        assert.ok(!isThisSandbox(own.server, base64(own.ca), path));
    });
});
