import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as versions from "../../../sandbox/toolchain/go-builds.ts";
import * as releases from "../../../sandbox/toolchain/releases.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("sandbox/toolchain/releases");

describe("upstream's releases", () => {
    const all = Object.values(releases);

    for (const architecture of ["amd64", "arm64"] as const) {
        it(`have these addresses for ${architecture}`, () => {
            const parts = all.flatMap((release) => release.parts(architecture));
            const addresses = parts.flatMap((part) =>
                "image" in part
                    ? `${part.image.registry}/${part.image.repository}@sha256:${part.image.index}`
                    : [part.url, part.sums],
            );
            asText(architecture, addresses);
            const other = architecture === "amd64" ? /arm64/ : /amd64|x64/;
            for (const address of addresses) assert.doesNotMatch(address, other);
        });
    }

    it("have different names in the cache", () => {
        assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    });

    it("have the versions that are built if they can't be downloaded", () => {
        const modules = join(import.meta.dirname, "../../../sandbox/toolchain/go");
        const required = readFileSync(join(modules, "kube/go.mod"), "utf8");
        for (const [module, version] of [
            ["k8s.io/kubernetes", versions.kubernetesVersion],
            ["go.etcd.io/etcd/server/v3", versions.etcdVersion],
            ["github.com/coredns/coredns", versions.corednsVersion],
            ["sigs.k8s.io/metrics-server", versions.metricsServerVersion],
        ]) {
            assert.ok(required.includes(`\t${module} v${version}\n`), `${module} ${version}`);
        }
    });
});
