import { canonical } from "./objects.ts";
import type { Container } from "./pod-specs.ts";

/** A quantity as in YAML: `250m`, `512Mi`, `"2"`, but also the number 2. */
export type Quantity = string | number;

/** Divisors of the small units; dividing is exact, multiplying isn't: 700 * 0.001 is not 0.7. */
const parts: Record<string, number> = { n: 1e9, u: 1e6, m: 1e3 };
const multiples: Record<string, number> = {
    "": 1,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    ...Object.fromEntries(["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((suffix, index) => [suffix, 1024 ** (index + 1)])),
};

/**
 * A quantity in its unit (cores, bytes), so that `1Gi`, `1024Mi` and 1073741824 are the same.
 * @returns NaN if it isn't a quantity; Kubernetes rejects it
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function amountOf(quantity: Quantity): number {
    const [, digits, suffix = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
    const part = parts[suffix];
    return part === undefined ? Number(digits) * (multiples[suffix] ?? Number.NaN) : Number(digits) / part;
}

/** Requests and limits of a container. A missing request defaults to the limit, as in Kubernetes. */
export function resourcesOf({ resources }: Container): Record<"requests" | "limits", Record<string, Quantity>> {
    const limits = resources?.limits ?? {};
    return { requests: { ...limits, ...resources?.requests }, limits };
}

/** Requests and limits as text, equal for equal amounts. */
export function amountsOf(container: Container): string {
    const { requests, limits } = resourcesOf(container);
    const amounts = (quantities: Record<string, Quantity>) =>
        Object.fromEntries(Object.entries(quantities).map(([what, quantity]) => [what, amountOf(quantity)]));
    return canonical({ requests: amounts(requests), limits: amounts(limits) });
}
