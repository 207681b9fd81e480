import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../cli/project.ts";
import { defaultImage } from "../../config/config.ts";
import {
    sandboxKubeconfig,
    sandboxNodeImage,
    sandboxPrometheusImage,
    sandboxUp,
} from "../../sandbox/cluster/cluster.ts";
import { imageArchives } from "../../sandbox/images/images.ts";
import { addressesOf, binFolder, controlNode } from "../../sandbox/layout.ts";
import { containerdSocket } from "../../sandbox/node/node-files.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { ensureInstalled } from "../support/debian.ts";
import { doctorOf } from "./diagnosis.ts";
import { copiedTrials, eventually, inControlNode, namespaces, newestResults, shortRun } from "./support.ts";

const address = `${addressesOf("ipv4")[0].host}:5000`;
const [user, password] = ["hopcost", "hush"];
const secrets = "hopcost-registry-secrets";

describe("a registry with a password", function () {
    this.timeout(buildMs);
    let folder = "";
    let checkout = "";
    let registry: ReturnType<typeof spawn> | undefined;
    const registries = join(controlNode.folder, "registries");

    before(async () => {
        await sandboxUp(() => {});
        await ensureInstalled("/usr/bin/docker-registry", "docker-registry");
        await ensureInstalled("/usr/bin/htpasswd", "apache2-utils");
        folder = mkdtempSync(join(tmpdir(), "hopcost-registry-"));
        registry = await startRegistry();
        await push([
            [sandboxNodeImage, `${address}/${sandboxNodeImage.split("/")[1]}`],
            [sandboxNodeImage, defaultImage.replace("docker.io", address)],
            [sandboxPrometheusImage, `${address}/prom/prometheus:v3.11.3`],
        ]);
        await trust();
        checkout = checkoutWith({
            ...shortRun,
            "hopcost:rounds": 1,
            "hopcost:registry": address,
            "hopcost:image": sandboxNodeImage,
        });
    });
    after(async () => {
        for (const name of [address, "docker.io"]) rmSync(join(registries, name), { recursive: true, force: true });
        await kubectl("delete", "namespace", secrets, "--ignore-not-found");
        registry?.kill();
        if (checkout !== "") removeCheckout(checkout);
        rmSync(folder, { recursive: true, force: true });
    });

    async function startRegistry() {
        const htpasswd = join(folder, "htpasswd");
        writeFileSync(htpasswd, (await execa("htpasswd", ["-Bbn", user, password])).stdout);
        const config = {
            version: 0.1,
            storage: { filesystem: { rootdirectory: join(folder, "data") } },
            http: { addr: address },
            auth: { htpasswd: { realm: "hopcost", path: htpasswd } },
        };
        writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
        const started = spawn("docker-registry", ["serve", join(folder, "config.yml")], { stdio: "ignore" });
        await eventually("the registry", 20, async () => {
            const answer = await fetch(`http://${address}/v2/`).catch(() => undefined);
            return answer?.status === 401 ? true : undefined;
        });
        return started;
    }

    /** In a namespace of its own: what Kubernetes knows of its images stays as it is. */
    const ctr = (...args: string[]) =>
        inControlNode([
            join(binFolder, "runtime", "ctr"),
            "--address",
            containerdSocket,
            "--namespace",
            "push",
            ...args,
        ]);

    async function push(names: readonly (readonly [image: string, name: string])[]): Promise<void> {
        await ctr("images", "import", await labelledArchive());
        for (const [image, name] of names) {
            await ctr("images", "tag", image, name);
            await ctr("images", "push", "--plain-http", "--user", `${user}:${password}`, name);
        }
        const all = await ctr("images", "list", "--quiet");
        await ctr("images", "remove", "--sync", ...all.trim().split("\n"));
        await ctr("namespaces", "remove", "push");
        rmSync(join(controlNode.folder, "pushed.tar"));
    }

    /**
     * The workloads' images with a label. Images of the sandbox must stay others: once the kubelet has pulled one with a
     * password, it lets no Pod without that password use it, by whatever name.
     */
    async function labelledArchive(): Promise<string> {
        const unpacked = join(controlNode.folder, "pushed");
        mkdirSync(unpacked);
        await inControlNode(["tar", "-xf", join(binFolder, "images", imageArchives.workloads), "-C", unpacked]);
        const manifest = JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8")) as { Config: string }[];
        for (const { Config } of manifest) {
            const image = JSON.parse(readFileSync(join(unpacked, Config), "utf8"));
            const config = { ...image.config, Labels: { from: "registry" } };
            writeFileSync(join(unpacked, Config), JSON.stringify({ ...image, config }));
        }
        await execa("tar", ["-cf", `${unpacked}.tar`, "-C", unpacked, "."]);
        rmSync(unpacked, { recursive: true });
        return `${unpacked}.tar`;
    }

    /** Lets the node's containerd use the registry without TLS; as a mirror of docker.io, also without a Secret. */
    async function trust(): Promise<void> {
        const credentials = Buffer.from(`${user}:${password}`).toString("base64");
        const host = `[host."http://${address}"]\ncapabilities = ["pull", "resolve"]\n`;
        const header = `[host."http://${address}".header]\nAuthorization = "Basic ${credentials}"\n`;
        for (const [name, text] of [
            [address, `server = "http://${address}"\n${host}`],
            ["docker.io", `${host}${header}`],
        ] as const) {
            mkdirSync(join(registries, name), { recursive: true });
            writeFileSync(join(registries, name, "hosts.toml"), text);
        }
    }

    const kubectl = async (...args: string[]) => {
        await inControlNode([join(binFolder, "kubernetes", "kubectl"), "--kubeconfig", sandboxKubeconfig, ...args]);
    };

    const probe = async () => {
        const { checks } = await doctorOf(checkout);
        return checks.find(({ id }) => id === "probe") ?? assert.fail(JSON.stringify(checks));
    };

    it("is what doctor names, with the keys to set, if the nodes have no password", async () => {
        const { state, detail, remedy } = await probe();
        assert.equal(state, "failure", detail);
        assert.ok(detail.includes(address), detail);
        assert.match(remedy ?? "", /hopcost:imagePullSecret/);
    });

    it("gives its images to doctor and to a run that copy a Secret, whose copy goes with the stack", async () => {
        await kubectl("create", "namespace", secrets);
        const login = [`--docker-server=${address}`, `--docker-username=${user}`, `--docker-password=${password}`];
        await kubectl("create", "secret", "docker-registry", "login", "--namespace", secrets, ...login);
        setConfig(checkout, { "hopcost:imagePullSecret": `${secrets}/login`, "hopcost:namespace": "hopcost-registry" });
        assert.equal((await probe()).state, "ok");
        const { code, stderr } = await hopcost(checkout, "run").ended;
        assert.equal(code, 0, stderr);
        const { complete, environment } = newestResults(checkout);
        assert.equal(complete, true);
        assert.equal(environment.image, `${address}/${sandboxNodeImage.split("/")[1]}`);
        assert.ok(!(await namespaces()).includes("hopcost-registry"));
    });

    it("lets a run start in an empty folder, with a context and nothing else, and leaves only the results when it is cancelled", async () => {
        const [empty, data] = ["empty", "data-home"].map((name) => join(folder, name)) as [string, string];
        mkdirSync(empty);
        writeFileSync(
            join(folder, "kubeconfig"),
            readFileSync(sandboxKubeconfig, "utf8").replaceAll("hopcost-sandbox", "Some Cluster"),
        );
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "run", "--context", "Some Cluster"];
        const env = { KUBECONFIG: join(folder, "kubeconfig"), XDG_DATA_HOME: data };
        const running = start(process.execPath, command, empty, env);
        await Promise.race([copiedTrials(2, empty), running.ended.then(({ stderr }) => assert.fail(stderr))]);
        process.kill(running.pid, "SIGINT");
        const { code, stderr } = await running.ended;
        assert.equal(code, 8, stderr);
        assert.deepEqual(readdirSync(empty), ["results"]);
        const { environment, metrics } = newestResults(empty);
        assert.equal(environment.image, defaultImage);
        assert.ok(metrics !== undefined, stderr);
        assert.deepEqual(readdirSync(join(data, "hopcost")).sort(), ["state", "work"]);
        const left = (await namespaces()).filter((name) => name.startsWith("hopcost-some-cluster"));
        assert.deepEqual(left, []);
    });
});
