import { createHash } from "node:crypto";
import { createReadStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type TarEntry, writeTar } from "./tar.ts";

/** A container image with one layer. */
export interface Image {
    reference: string;
    /** The layer. Images with the same array share it: the archive contains it once. */
    files: readonly TarEntry[];
    /** The `config` part of the image configuration. */
    config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; WorkingDir?: string; User?: string };
}

/**
 * Writes images in the format of `docker save`, which containerd imports.
 * @see https://github.com/moby/docker-image-spec/blob/main/v1.2.md
 */
export async function writeDockerArchive(path: string, images: readonly Image[]): Promise<void> {
    const members: TarEntry[] = [];
    const manifest: unknown[] = [];
    const layers = new Map<Image["files"], { digest: string; draft: string }>();
    for (const { files } of images) {
        if (layers.has(files)) continue;
        const draft = `${path}.layer-${layers.size}`;
        await writeTar(draft, files);
        const digest = await sha256(draft);
        layers.set(files, { digest, draft });
        members.push({ kind: "file", name: `${digest}.tar`, from: draft });
    }
    for (const image of images) {
        const digest = layers.get(image.files)?.digest;
        const config = JSON.stringify({
            architecture: process.arch === "x64" ? "amd64" : process.arch,
            os: "linux",
            config: image.config,
            rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
            history: [{ created_by: "hopcost sandbox" }],
        });
        const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
        members.push({ kind: "file", name: configName, content: config });
        manifest.push({ Config: configName, RepoTags: [image.reference], Layers: [`${digest}.tar`] });
    }
    members.push({ kind: "file", name: "manifest.json", content: JSON.stringify(manifest) });
    await writeTar(`${path}.draft`, members);
    for (const { draft } of layers.values()) rmSync(draft);
    renameSync(`${path}.draft`, path);
}

async function sha256(path: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    return hash.digest("hex");
}
