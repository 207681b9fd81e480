import { crc32 } from "node:zlib";

/** A message starts with its sequence number and its checksum, 32 bits each, little-endian; the rest is one repeated byte. */
const [sequenceAt, checksumAt, contentAt] = [0, 4, 8];
const filler = 0x61;

/** The messages of a flow, all in one buffer, allocated once. */
export class OutgoingMessage {
    readonly bytes: Buffer;
    readonly #head: Buffer;
    /** Of the content, which never changes. */
    readonly #checksum: number;

    /** @param size in bytes, 16 or more */
    constructor(size: number) {
        this.bytes = Buffer.alloc(size, filler);
        this.#head = this.bytes.subarray(sequenceAt, checksumAt);
        this.#checksum = crc32(this.bytes.subarray(contentAt));
    }

    /** Makes it the message with this sequence number. */
    write(sequence: number): void {
        this.bytes.writeUInt32LE(sequence, sequenceAt);
        this.bytes.writeUInt32LE(crc32(this.#head, this.#checksum), checksumAt);
    }
}

/** A message that arrived. Its sequence number is the sender's only if it is intact. */
export interface IncomingMessage {
    sequence: number;
    isIntact: boolean;
}

/** Reads a message. @returns undefined if it is too short to have a sequence number */
export function readMessage(bytes: Buffer): IncomingMessage | undefined {
    if (bytes.length < contentAt) return undefined;
    const checksum = crc32(bytes.subarray(sequenceAt, checksumAt), crc32(bytes.subarray(contentAt)));
    return { sequence: bytes.readUInt32LE(sequenceAt), isIntact: checksum === bytes.readUInt32LE(checksumAt) };
}
