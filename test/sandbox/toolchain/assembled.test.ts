import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { saysNothing } from "../../../sandbox/say.ts";
import { findBuild, type GoBuild } from "../../../sandbox/toolchain/go-build.ts";
import {
    corednsVersion,
    etcdVersion,
    kubernetesBuild,
    kubernetesVersion,
    prometheusBuild,
    prometheusVersion,
    providerBuild,
    providerVersion,
    pulumiBuild,
    pulumiVersion,
} from "../../../sandbox/toolchain/go-builds.ts";
import { installedPulumi } from "../../../sandbox/toolchain/pulumi-command.ts";
import { ensureProvider, hasProvider } from "../../../sandbox/toolchain/pulumi-provider.ts";
import { downloadReleases, findReleased } from "../../../sandbox/toolchain/released-programs.ts";
import { metricsServerRelease } from "../../../sandbox/toolchain/releases.ts";
import { findTool, getTools, kubernetes, prometheus, provider, pulumi } from "../../../sandbox/toolchain/tools.ts";
import { cachePerTest } from "../folder.ts";
import { standInPerTest } from "./stand-in.ts";

describe("a toolchain from released programs", function () {
    this.timeout(900_000); // a gigabyte and a half is copied, on a machine busy with other work
    const built = new Map<GoBuild, string>();
    before(async function () {
        // Of the usual cache: the tests of the sandbox fill it.
        for (const build of [kubernetesBuild, prometheusBuild, pulumiBuild, providerBuild]) {
            const folder = await findBuild(build);
            if (folder === undefined) return this.skip();
            built.set(build, folder);
        }
    });
    const cache = cachePerTest();
    const server = standInPerTest();
    const path = process.env.PATH;
    afterEach(() => {
        process.env.PATH = path;
    });
    const of = (build: GoBuild) => (name: string) => ({ path: join(built.get(build) ?? "nowhere", name) });
    const answerOf = async (folder: string | undefined, program: string, ...args: string[]) => {
        const { stdout, stderr } = await execa(join(folder ?? "nowhere", program), args, { cwd: cache() });
        return stdout || stderr;
    };

    it("has every program in its version, without Go, and a Pulumi that has its provider", async () => {
        for (const { release, build } of [kubernetes, prometheus, pulumi, provider]) {
            server().publish(release ?? assert.fail(), of(build));
        }
        const image = server().imageOf("metrics-server", of(kubernetesBuild));
        const metricsServer = { ...metricsServerRelease, parts: () => [image] };
        process.env.PATH = "/usr/bin:/bin"; // with tar, without Go
        const said: string[] = [];
        await getTools([kubernetes, prometheus, pulumi, provider], (line) => said.push(line));
        assert.deepEqual(await downloadReleases([metricsServer], saysNothing), new Map());
        assert.match(said.at(0) ?? "", /^downloading Kubernetes \S+ and 3 more: 0 of 0 MB/);
        assert.doesNotMatch(said.join("\n"), /build/);

        const folder = await findTool(kubernetes);
        for (const program of ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"]) {
            assert.equal(await answerOf(folder, program, "--version"), `Kubernetes v${kubernetesVersion}`);
        }
        // The built one has no --version.
        assert.match(await answerOf(folder, "kube-proxy", "--help"), /\n {2}kube-proxy \[flags\]\n/);
        assert.equal(await answerOf(folder, "kubeadm", "version", "--output=short"), `v${kubernetesVersion}`);
        assert.match(await answerOf(folder, "etcd", "--version"), new RegExp(`^etcd Version: ${etcdVersion}\n`));
        assert.match(await answerOf(folder, "coredns", "-version"), new RegExp(`^CoreDNS-${corednsVersion}\n`));
        assert.match(
            await answerOf(findReleased(metricsServer), "metrics-server", "--help"),
            /^Usage:\n {2}metrics-server/,
        );
        for (const program of ["prometheus", "promtool"]) {
            const answer = await answerOf(await findTool(prometheus), program, "--version");
            assert.ok(answer.startsWith(`${program}, version ${prometheusVersion} `), answer);
        }

        const { command, version, source } = await installedPulumi(saysNothing);
        assert.deepEqual({ version, source }, { version: pulumiVersion, source: "official" });
        const home = join(cache(), "pulumi-home");
        const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
        await ensureProvider(command, env, home, saysNothing, providerVersion);
        assert.ok(hasProvider(home, providerVersion));
        const { stdout } = await execa(command, ["plugin", "ls", "--json"], { env });
        const plugins = JSON.parse(stdout).map(({ name, version }: { name: string; version: string }) => ({
            name,
            version,
        }));
        assert.deepEqual(plugins, [{ name: "kubernetes", version: providerVersion }]);
    });
});
