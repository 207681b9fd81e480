import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { reasonOf, SandboxError } from "../errors.ts";
import { type Say, sayWhile } from "../say.ts";
import { cached, findCached, keyOf } from "./cache.ts";
import { Downloads, type Limits, type Progress } from "./download.ts";
import { lastLayer } from "./image-layer.ts";
import { mirrorOf, mirrorVariable } from "./mirror.ts";
import type { Architecture, Release, ReleasedFile, ReleasedImage, Unpacking } from "./releases.ts";

/** Go's names of the architectures that Node names so. */
const architectures: Partial<Record<string, Architecture>> = { x64: "amd64", arm64: "arm64" };

/** What the downloads of one call share. */
interface Context {
    architecture: Architecture;
    /** Where to download what has this original address. */
    addressOf: (original: string) => string;
    downloads: Downloads;
    progress: Progress;
}

/**
 * The folder of a release that is in the cache; undefined if it isn't, or if released programs are not to be used.
 * @throws SandboxError if `HOPCOST_RELEASES` is neither an address nor `none`
 */
export function findReleased(release: Release): string | undefined {
    const architecture = releasedArchitecture();
    if (architecture === undefined || mirrorOf() === undefined) return undefined;
    return findCached(entryName(release, architecture));
}

/**
 * Downloads releases into the cache, all at once; each file is checked against its published checksum.
 * @param limits when a file is given up @default as {@link Downloads}
 * @returns why a release could not be downloaded, for each that could not
 */
export async function downloadReleases(
    releases: readonly Release[],
    say: Say,
    limits?: Limits,
): Promise<Map<Release, string>> {
    const failed = new Map<Release, string>();
    const architecture = releasedArchitecture();
    const addressOf = mirrorOf();
    if (architecture === undefined || addressOf === undefined) {
        const reason =
            addressOf === undefined
                ? `${mirrorVariable} is none`
                : `nothing is released for ${process.platform} on ${process.arch}`;
        return new Map(releases.map((release) => [release, reason]));
    }
    const downloads = new Downloads(limits);
    const arrival = new Arrival();
    const context = { architecture, addressOf, downloads, progress: arrival };
    const remaining = new Set(releases);
    const one = async (release: Release): Promise<void> => {
        const make = (folder: string) => fill(release.parts(architecture), folder, context);
        const entry = { name: entryName(release, architecture), what: `downloading ${release.title}`, make };
        try {
            await cached(entry, say);
        } catch (error) {
            failed.set(release, reasonOf(error));
        }
        remaining.delete(release);
    };
    const line = (elapsed: string): string => {
        const [first, ...others] = [...remaining].map(({ title }) => title);
        const more = others.length > 0 ? ` and ${others.length} more` : "";
        return `downloading ${first}${more}: ${arrival.text()} (${elapsed})`;
    };
    try {
        await sayWhile(say, line, Promise.all(releases.map(one)));
    } finally {
        await downloads.close();
    }
    return failed;
}

/** Name of a release's folder in the cache; changes with every address. */
function entryName(release: Release, architecture: Architecture): string {
    return `${release.name}-official-${keyOf([JSON.stringify(release.parts(architecture))])}`;
}

/** This machine's architecture; undefined if upstream releases nothing that runs here. */
function releasedArchitecture(): Architecture | undefined {
    return process.platform === "linux" ? architectures[process.arch] : undefined;
}

/** Counts the bytes of all files. */
class Arrival implements Progress {
    #expected = 0;
    #received = 0;

    expect(bytes: number): void {
        this.#expected += bytes;
    }

    receive(bytes: number): void {
        this.#received += bytes;
    }

    /** E.g. `120 of 310 MB`. */
    text(): string {
        const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);
        return `${megabytes(this.#received)} of ${megabytes(this.#expected)} MB`;
    }
}

/** Gets all parts at once; the first that fails ends the others, which would be downloaded in vain. */
async function fill(parts: readonly (ReleasedFile | ReleasedImage)[], folder: string, context: Context): Promise<void> {
    const abort = new AbortController();
    const all = parts.map((part) => get(part, folder, context, abort.signal));
    try {
        await Promise.all(all);
    } catch (error) {
        abort.abort();
        await Promise.allSettled(all); // from then on nothing is written into the folder
        throw error;
    }
}

async function get(
    part: ReleasedFile | ReleasedImage,
    folder: string,
    context: Context,
    signal: AbortSignal,
): Promise<void> {
    const { addressOf, downloads, progress } = context;
    const { url, sha256 } =
        "image" in part ? await layerOf(part, context, signal) : await publishedOf(part, context, signal);
    const file = join(folder, `${basename(url).replaceAll(":", "-")}.part`); // tar takes a colon for a host's
    await downloads.file(addressOf(url), file, sha256, signal, progress);
    if (part.unpack === undefined) {
        chmodSync(file, 0o755);
        renameSync(file, join(folder, basename(url)));
        return;
    }
    await unpack(file, folder, part.unpack, url);
    rmSync(file);
}

function layerOf(
    { image }: ReleasedImage,
    { architecture, addressOf, downloads }: Context,
    signal: AbortSignal,
): Promise<{ url: string; sha256: string }> {
    return lastLayer(image, architecture, downloads, addressOf, signal);
}

async function publishedOf(
    { url, sums }: ReleasedFile,
    { addressOf, downloads }: Context,
    signal: AbortSignal,
): Promise<{ url: string; sha256: string }> {
    const sha256 = sumIn(await downloads.text(addressOf(sums), signal), basename(url));
    if (sha256 === undefined) throw new SandboxError(`${addressOf(sums)} has no SHA-256 of ${basename(url)}`);
    return { url, sha256 };
}

/**
 * The SHA-256 of a file in a text that upstream publishes: only the digits, or lines as `sha256sum` prints them.
 * @returns 64 hex digits; undefined if it isn't there
 */
export function sumIn(text: string, name: string): string | undefined {
    for (const line of text.split("\n")) {
        const [, sum, of] = /^([0-9a-f]{64})(?: [ *](\S+))?\s*$/.exec(line) ?? [];
        if (sum !== undefined && (of === undefined || of === name)) return sum;
    }
    return undefined;
}

async function unpack(
    file: string,
    folder: string,
    { members, strip, into = "." }: Unpacking,
    url: string,
): Promise<void> {
    const target = join(folder, into);
    mkdirSync(target, { recursive: true });
    const args = [
        "--extract",
        `--file=${file}`,
        `--directory=${target}`,
        `--strip-components=${strip}`,
        "--no-same-owner",
    ];
    const result = await execa("tar", [...args, ...members], { reject: false, stdin: "ignore", env: { LC_ALL: "C" } });
    if (result.failed) {
        const [reason = ""] = (result.stderr || result.shortMessage || "").split("\n");
        throw new SandboxError(`${url} can't be unpacked (${reason})`);
    }
}
