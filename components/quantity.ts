import { parseQuantity } from "../model/quantity.ts";

/**
 * Parses a Kubernetes CPU quantity: whole or decimal cores (`2`, `0.5`), or millicores (`250m`).
 * @returns cores, more than 0; undefined if the text isn't such a quantity
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu
 */
export function parseCpu(text: string): number | undefined {
    return positive(text, /^(\d+(\.\d{1,3})?|\d+m)$/);
}

/**
 * Parses a Kubernetes memory quantity: a whole number with a unit (`512Mi`, `1Gi`, `500M`) or in bytes.
 * @returns bytes, more than 0; undefined if the text isn't such a quantity
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory
 */
export function parseMemory(text: string): number | undefined {
    return positive(text, /^\d+(Ki|Mi|Gi|k|M|G)?$/);
}

/** Kubernetes accepts more forms, but those are often typing errors (`512m` of memory). */
function positive(text: string, form: RegExp): number | undefined {
    if (!form.test(text)) return undefined;
    const amount = parseQuantity(text);
    return amount > 0 ? amount : undefined;
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

/** Whether a CPU limit is below the request; false if either isn't a quantity. */
export function isBelow(cpuLimit: string, cpuRequest: string): boolean {
    const [limit, request] = [parseCpu(cpuLimit), parseCpu(cpuRequest)];
    return limit !== undefined && request !== undefined && limit < request;
}
