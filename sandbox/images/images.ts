import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import { type Say, sayWhile } from "../say.ts";
import { cached, keyOf } from "../toolchain/cache.ts";
import { corednsVersion, metricsServerVersion } from "../toolchain/go-builds.ts";
import { type Image, writeDockerArchive } from "./docker-archive.ts";
import { executable, type Source, userland, withLibraries } from "./image-files.ts";
import { type PrometheusSources, prometheusImageOf } from "./prometheus.ts";
import type { TarEntry } from "./tar.ts";

/** Version of Node for the workloads of stack `dev`. */
export const nodeVersion = "24.21.0";
/** Image with that Node and only what it needs. */
export const sandboxNodeImage = `hopcost.local/node:${nodeVersion}`;
/** Image of the first process in each Pod: it holds the Pod's namespaces and reaps the orphans in them. */
export const pauseImage = "hopcost.local/pause:2";
/** Image of the cluster DNS. */
export const corednsImage = `hopcost.local/coredns:${corednsVersion}`;
/** Image of metrics-server, which serves metrics.k8s.io. */
export const metricsServerImage = `hopcost.local/metrics-server:${metricsServerVersion}`;

/** Change it whenever the content written below changes, so that no old archive is taken from the cache. */
const format = "7";
const metricsServer = "metrics-server";
const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const checkoutsNode = join(import.meta.dirname, "..", "..", "node_modules", "node", "bin", "node");
/** That of the checkout's npm package `node`; without it, as in an installed package, the one that runs this. */
const nodeBinary = existsSync(checkoutsNode) ? checkoutsNode : process.execPath;

/** Parts of the images: folders in the cache with their programs, and the files of Prometheus. */
export interface ImageParts {
    kubernetes: string;
    /** Without it there is no image of metrics-server. */
    metricsServer: string | undefined;
    runtime: string;
    prometheus: PrometheusSources;
}

/** Names of the archives: images that the cluster needs to start, and images for Pods after that. */
export const imageArchives = { cluster: "cluster.tar", workloads: "workloads.tar" } as const;

/** The sandbox's images as docker archives, from the cache or written now. @returns their folder */
export async function containerImages(parts: ImageParts, say: Say): Promise<string> {
    const pause = { name: "catatonit", from: join(parts.runtime, "catatonit") };
    const served: Served[] = [
        { name: "coredns", reference: corednsImage, from: join(parts.kubernetes, "coredns") },
        ...(parts.metricsServer === undefined
            ? []
            : [{ name: metricsServer, reference: metricsServerImage, from: join(parts.metricsServer, metricsServer) }]),
    ];
    const node = await nodeSources();
    const { prometheus } = parts;
    const sources = [pause, ...served, ...node, prometheus.program, ...prometheus.pages].map(
        ({ from }) => `${from} ${statSync(from).size}`,
    );
    // The key doesn't contain the checkout's path: every checkout has the same Node.
    const key = keyOf([format, nodeVersion, ...sources.map((line) => line.replace(nodeBinary, "node"))]);
    const make = async (folder: string): Promise<void> => {
        await refuseOtherNode();
        const images = {
            cluster: [pauseImageOf(pause), ...servedImages(served)],
            workloads: [nodeImageOf(node), prometheusImageOf(prometheus)],
        };
        const write = async (): Promise<void> => {
            await writeDockerArchive(join(folder, imageArchives.cluster), images.cluster);
            await writeDockerArchive(join(folder, imageArchives.workloads), images.workloads);
        };
        await sayWhile(say, (elapsed) => `writing the container images of the sandbox: ${elapsed}`, write());
    };
    return cached({ name: `images-${key}`, what: "writing container images", make }, say);
}

function pauseImageOf(binary: Source): Image {
    const config = { Entrypoint: ["/catatonit", "-P"], User: "65535:65535" };
    return { reference: pauseImage, files: [executable(binary)], config };
}

/** A program that a Pod of the cluster serves with, and its image. */
interface Served extends Source {
    reference: string;
}

/**
 * The images of the cluster's own Pods. They share one layer, because the programs may be links to one: the build of Kubernetes
 * is a single program, which does what the name says that it is started under.
 */
export function servedImages(programs: readonly Served[]): Image[] {
    const real = new Map(programs.map(({ from }) => [realpathSync(from), basename(realpathSync(from))]));
    const links = programs.flatMap(({ name, from }): TarEntry[] => {
        const target = basename(realpathSync(from));
        return target === name ? [] : [{ kind: "link", name, target }];
    });
    const files = [...[...real].map(([from, name]) => executable({ name, from })), ...links];
    return programs.map(({ name, reference }) => {
        return { reference, files, config: { Entrypoint: [`/${name}`], User: "65532:65532" } };
    });
}

function nodeImageOf(sources: readonly Source[]): Image {
    return {
        reference: sandboxNodeImage,
        files: [
            ...userland("node:x:1000:1000::/home/node:/bin/sh", sources),
            { kind: "folder", name: "tmp", mode: 0o1777 },
            { kind: "folder", name: "home/node", owner: 1000 },
        ],
        config: {
            Cmd: ["node"],
            Env: [searchPath, `NODE_VERSION=${nodeVersion}`],
            WorkingDir: "/home/node",
            User: "1000:1000",
        },
    };
}

function nodeSources(): Promise<Source[]> {
    return withLibraries([
        { name: "usr/local/bin/node", from: nodeBinary },
        { name: "bin/sh", from: realpathSync("/bin/sh") },
    ]);
}

async function refuseOtherNode(): Promise<void> {
    const { stdout } = await execa(nodeBinary, ["--version"], { reject: false });
    if (stdout?.trim() !== `v${nodeVersion}`) {
        const remedy = nodeBinary === checkoutsNode ? "run npm ci in the checkout" : `use Node ${nodeVersion}`;
        throw new SandboxError(
            `${nodeBinary} must be Node ${nodeVersion}, but reports "${stdout ?? "nothing"}"; ${remedy} and try again`,
        );
    }
}
