import { createHash } from "node:crypto";
import { SandboxError } from "../errors.ts";
import type { Downloads } from "./download.ts";

/** A container image in a registry that needs no login. */
export interface RegistryImage {
    /** Host of the registry. */
    registry: string;
    repository: string;
    /** SHA-256 of its index, which lists the image of each platform: 64 hex digits. Everything below is checked against it. */
    index: string;
}

/** The parts of an index and of an image's manifest that are used here. */
interface Manifest {
    manifests?: { digest: string; platform: { architecture: string; os: string } }[];
    layers?: { digest: string }[];
}

const accepted = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Address and SHA-256 of the image's last layer, an archive with the files that the last step of its build added.
 * @param architecture as Go names it, e.g. `amd64`
 * @param addressOf where to download what has this original address
 * @throws SandboxError that says what is missing or is not what the index names
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export async function lastLayer(
    { registry, repository, index }: RegistryImage,
    architecture: string,
    downloads: Downloads,
    addressOf: (original: string) => string,
    signal: AbortSignal,
): Promise<{ url: string; sha256: string }> {
    const base = `https://${registry}/v2/${repository}`;
    const manifest = async (sha256: string): Promise<Manifest> => {
        const url = addressOf(`${base}/manifests/sha256:${sha256}`);
        const text = await downloads.text(url, signal, accepted);
        if (createHash("sha256").update(text).digest("hex") !== sha256)
            throw new SandboxError(`${url} doesn't have that SHA-256`);
        return JSON.parse(text) as Manifest;
    };
    const { manifests } = await manifest(index);
    const ours = manifests?.find(({ platform }) => platform.os === "linux" && platform.architecture === architecture);
    const layer = ours && (await manifest(hexOf(ours.digest))).layers?.at(-1);
    if (layer === undefined) throw new SandboxError(`${registry}/${repository} has no image for linux/${architecture}`);
    return { url: `${base}/blobs/${layer.digest}`, sha256: hexOf(layer.digest) };
}

function hexOf(digest: string): string {
    return digest.replace(/^sha256:/, "");
}
