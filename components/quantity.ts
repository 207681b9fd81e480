const memoryUnits = { "": 1, k: 1e3, M: 1e6, G: 1e9, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 } as const;

/**
 * Reads a Kubernetes CPU quantity: whole or decimal cores (`2`, `0.5`), or millicores (`250m`).
 * @returns cores, more than 0; undefined where the text is no such quantity
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu
 */
export function parseCpu(text: string): number | undefined {
    const match = /^(\d+(?:\.\d{1,3})?)$|^(\d+)m$/.exec(text);
    if (!match) return undefined;
    const cores = match[1] === undefined ? Number(match[2]) / 1000 : Number(match[1]);
    return cores > 0 ? cores : undefined;
}

/**
 * Reads a Kubernetes memory quantity: a whole number with a unit (`512Mi`, `1Gi`, `500M`), or of bytes.
 * @returns bytes, more than 0; undefined where the text is no such quantity
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory
 */
export function parseMemory(text: string): number | undefined {
    const match = /^(\d+)(Ki|Mi|Gi|k|M|G)?$/.exec(text);
    if (!match) return undefined;
    const bytes = Number(match[1]) * memoryUnits[(match[2] ?? "") as keyof typeof memoryUnits];
    return bytes > 0 ? bytes : undefined;
}

/** What a CPU quantity must be. */
export const cpuRule = 'must be a CPU quantity above 0 such as "250m" or "1"';
/** What a memory quantity must be. */
export const memoryRule = 'must be a memory quantity above 0 such as "512Mi" or "1Gi"';

/** What is wrong with a CPU quantity. */
export function cpuQuantity(name: string, value: string): string | undefined {
    return parseCpu(value) === undefined ? `${name} ${cpuRule}, got ${JSON.stringify(value)}` : undefined;
}

/** What is wrong with a memory quantity. */
export function memoryQuantity(name: string, value: string): string | undefined {
    return parseMemory(value) === undefined ? `${name} ${memoryRule}, got ${JSON.stringify(value)}` : undefined;
}

/** Whether a CPU limit is below the request; no quantity is below none. */
export function isBelow(cpuLimit: string, cpuRequest: string): boolean {
    const [limit, request] = [parseCpu(cpuLimit), parseCpu(cpuRequest)];
    return limit !== undefined && request !== undefined && limit < request;
}
