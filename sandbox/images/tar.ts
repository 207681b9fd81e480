import { createReadStream, createWriteStream, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** One member of an archive. Names are relative, without a leading slash. */
export type TarEntry =
    | { kind: "folder"; name: string; mode?: number; owner?: number }
    | { kind: "link"; name: string; target: string }
    | { kind: "file"; name: string; mode?: number; owner?: number; content: string | Uint8Array }
    | { kind: "file"; name: string; mode?: number; owner?: number; from: string };

const blockBytes = 512;
const typeFlags = { file: "0", link: "2", folder: "5" } as const;

/** Header of a member in the ustar format. All times are 0, so that equal contents give equal archives. */
export function tarHeader(entry: TarEntry, size: number): Buffer {
    const name = entry.kind === "folder" ? `${entry.name}/` : entry.name;
    const target = entry.kind === "link" ? entry.target : "";
    for (const text of [name, target]) {
        if (Buffer.byteLength(text) > 100)
            throw new RangeError(`"${text}" is longer than the 100 bytes a tar header holds`);
    }
    const mode = entry.kind === "link" ? 0o777 : (entry.mode ?? (entry.kind === "folder" ? 0o755 : 0o644));
    const owner = entry.kind === "link" ? 0 : (entry.owner ?? 0);
    const header = Buffer.alloc(blockBytes);
    const octal = (value: number, offset: number, length: number): void => {
        header.write(value.toString(8).padStart(length - 1, "0"), offset, "ascii");
    };
    header.write(name, 0);
    octal(mode, 100, 8);
    octal(owner, 108, 8);
    octal(owner, 116, 8);
    octal(size, 124, 12);
    octal(0, 136, 12);
    header.write(" ".repeat(8), 148);
    header.write(typeFlags[entry.kind], 156);
    header.write(target, 157);
    header.write("ustar\u000000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return header;
}

/** Writes an archive; files are streamed, so their size doesn't matter. */
export async function writeTar(path: string, entries: readonly TarEntry[]): Promise<void> {
    await pipeline(Readable.from(tarChunks(entries)), createWriteStream(path));
}

async function* tarChunks(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
    for (const entry of entries) {
        if (entry.kind !== "file") {
            yield tarHeader(entry, 0);
            continue;
        }
        const content = "from" in entry ? undefined : Buffer.from(entry.content);
        const size = "from" in entry ? statSync(entry.from).size : (content?.length ?? 0);
        yield tarHeader(entry, size);
        if ("from" in entry) yield* createReadStream(entry.from, { highWaterMark: 1 << 20 });
        else if (content !== undefined) yield content;
        const rest = size % blockBytes;
        if (rest > 0) yield Buffer.alloc(blockBytes - rest);
    }
    yield Buffer.alloc(2 * blockBytes);
}
