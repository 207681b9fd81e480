import { createHash } from "node:crypto";
import { createReadStream, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { cached, keyOf } from "./cache.ts";
import { SandboxError } from "./errors.ts";
import { kubernetesBuild } from "./go-builds.ts";
import { type Say, sayWhile } from "./say.ts";
import { type TarEntry, writeTar } from "./tar.ts";

/** The Node that the workloads of stack `dev` run on: the binary of the npm package `node` in the checkout. */
export const nodeVersion = "24.21.0";
/** Image of that Node, with what it needs and no more. */
export const sandboxNodeImage = `hopcost.local/node:${nodeVersion}`;
/** Image of the first process in each Pod. */
export const pauseImage = "hopcost.local/pause:1";
/** Image of the cluster DNS. */
export const corednsImage = "hopcost.local/coredns:1.14.2";

/** A container image with one layer. */
export interface Image {
    reference: string;
    files: readonly TarEntry[];
    /** The `config` part of the image configuration. */
    config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; WorkingDir?: string; User?: string };
}

/** Changes whenever what is written below changes, so that no old archive is taken from the cache. */
const format = "1";
const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const nodeBinary = join(import.meta.dirname, "..", "node_modules", "node", "bin", "node");

/** One docker archive with all the images of the sandbox, out of the cache or made now. @returns its path */
export async function imageArchive(builds: { kubernetes: string; pause: string }, say: Say): Promise<string> {
    const kube = join(builds.kubernetes, kubernetesBuild.binary);
    const pause = join(builds.pause, "pause");
    const node = await nodeFiles();
    const sources = [kube, pause, ...node.map(({ from }) => from)].map((file) => `${file} ${statSync(file).size}`);
    // The checkout's own path is no part of the key: every checkout has the same Node.
    const key = keyOf([format, nodeVersion, ...sources.map((line) => line.replace(nodeBinary, "node"))]);
    const make = async (folder: string): Promise<void> => {
        await refuseOtherNode();
        const images = [pauseImageOf(pause), corednsImageOf(kube), nodeImageOf(node)];
        const archive = writeDockerArchive(join(folder, "images.tar"), images);
        await sayWhile(say, (elapsed) => `writing the container images of the sandbox: ${elapsed}`, archive);
    };
    return join(await cached({ name: `images-${key}`, what: "writing container images", make }, say), "images.tar");
}

function pauseImageOf(binary: string): Image {
    return {
        reference: pauseImage,
        files: [{ kind: "file", name: "pause", mode: 0o755, from: binary }],
        config: { Entrypoint: ["/pause"], User: "65535:65535" },
    };
}

function corednsImageOf(binary: string): Image {
    return {
        reference: corednsImage,
        files: [{ kind: "file", name: "coredns", mode: 0o755, from: binary }],
        config: { Entrypoint: ["/coredns"], User: "65532:65532" },
    };
}

function nodeImageOf(binaries: readonly { name: string; from: string }[]): Image {
    const folders = new Set(["etc", "home", "proc", "sys", "dev", "run", "usr", "usr/local", "usr/local/bin"]);
    for (const { name } of binaries) {
        const parts = name.split("/").slice(0, -1);
        for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
    }
    return {
        reference: sandboxNodeImage,
        files: [
            ...[...folders].sort().map((name): TarEntry => ({ kind: "folder", name })),
            { kind: "folder", name: "tmp", mode: 0o1777 },
            { kind: "folder", name: "home/node", owner: 1000 },
            {
                kind: "file",
                name: "etc/passwd",
                content: "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n",
            },
            { kind: "file", name: "etc/group", content: "root:x:0:\nnode:x:1000:\n" },
            { kind: "file", name: "etc/nsswitch.conf", content: "passwd: files\ngroup: files\nhosts: files dns\n" },
            ...binaries.map(({ name, from }): TarEntry => ({ kind: "file", name, mode: 0o755, from })),
        ],
        config: {
            Cmd: ["node"],
            Env: [searchPath, `NODE_VERSION=${nodeVersion}`],
            WorkingDir: "/home/node",
            User: "1000:1000",
        },
    };
}

/** Node and a shell, each with the shared libraries that `ldd` names, at the places where the loader looks for them. */
async function nodeFiles(): Promise<{ name: string; from: string }[]> {
    const files = new Map<string, string>([
        ["usr/local/bin/node", nodeBinary],
        ["bin/sh", realpathSync("/bin/sh")],
    ]);
    for (const binary of [...files.values()]) {
        const { stdout } = await execa("ldd", [binary], { reject: false });
        for (const library of librariesOf(stdout)) files.set(library.slice(1), realpathSync(library));
    }
    return [...files].map(([name, from]) => ({ name, from }));
}

/** The paths in the output of `ldd`. */
export function librariesOf(output: string): string[] {
    return [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map((match) => match[1] ?? "");
}

async function refuseOtherNode(): Promise<void> {
    const { stdout } = await execa(nodeBinary, ["--version"], { reject: false });
    if (stdout?.trim() !== `v${nodeVersion}`) {
        throw new SandboxError(
            `${nodeBinary} should be Node ${nodeVersion} and answers "${stdout ?? "nothing"}"; run npm ci in the checkout and start again`,
        );
    }
}

/**
 * Writes images in the format of `docker save`, which containerd imports.
 * @see https://github.com/moby/docker-image-spec/blob/main/v1.2.md
 */
export async function writeDockerArchive(path: string, images: readonly Image[]): Promise<void> {
    const members: TarEntry[] = [];
    const manifest: unknown[] = [];
    const layers: string[] = [];
    for (const [index, image] of images.entries()) {
        const draft = `${path}.layer-${index}`;
        layers.push(draft);
        await writeTar(draft, image.files);
        const digest = await sha256(draft);
        const config = JSON.stringify({
            architecture: process.arch === "x64" ? "amd64" : process.arch,
            os: "linux",
            config: image.config,
            rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
            history: [{ created_by: "hopcost sandbox" }],
        });
        const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
        members.push({ kind: "file", name: configName, content: config });
        members.push({ kind: "file", name: `${digest}.tar`, from: draft });
        manifest.push({ Config: configName, RepoTags: [image.reference], Layers: [`${digest}.tar`] });
    }
    members.push({ kind: "file", name: "manifest.json", content: JSON.stringify(manifest) });
    await writeTar(`${path}.draft`, members);
    for (const layer of layers) rmSync(layer);
    renameSync(`${path}.draft`, path);
}

async function sha256(path: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    return hash.digest("hex");
}
