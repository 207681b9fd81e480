/** A file uses whole pages on tmpfs, and blocks of the same size on most disks. */
const pageBytes = 4096;

/** Bytes that a file of the given size uses on a volume. */
export function fileBytes(size: number): number {
    return Math.ceil(size / pageBytes) * pageBytes;
}

/** Bytes of used files that the writer keeps before it deletes them, all lanes together. */
export function bytesKept(maxSize: number): number {
    return Math.max(2 * maxSize, 2 ** 20);
}

/**
 * Maximum bytes of a trial's files on its volume at any time. Each lane keeps its share of {@link bytesKept}, or
 * the file in flight if that is larger, and an almost empty file.
 * @param maxSize largest payload of the trial
 * @param lanes of its throughput cells
 * @param size largest payload of those
 */
export function mostBytes(maxSize: number, lanes = 1, size = maxSize): number {
    return Math.max(bytesKept(maxSize), lanes * fileBytes(size)) + lanes * pageBytes;
}
