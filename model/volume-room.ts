/** A file takes whole pages on tmpfs, and blocks of the same length on most disks. */
const pageBytes = 4096;

/** What a file of that size takes on a volume, bytes. */
export function fileBytes(size: number): number {
    return Math.ceil(size / pageBytes) * pageBytes;
}

/** Bytes of used files that the writer keeps before it deletes them, all lanes together. */
export function bytesKept(maxSize: number): number {
    return Math.max(2 * maxSize, 2 ** 20);
}

/**
 * Most bytes of files that a trial has on its volume at any time. Each lane keeps its share of {@link bytesKept}, or
 * the file in flight where that is larger, and an almost empty file.
 * @param maxSize largest payload of the trial
 * @param lanes of its throughput cells
 * @param size largest payload of those
 */
export function mostBytes(maxSize: number, lanes = 1, size = maxSize): number {
    return Math.max(bytesKept(maxSize), lanes * fileBytes(size)) + lanes * pageBytes;
}
