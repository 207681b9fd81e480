/** Divisors by suffix: dividing is exact, multiplying is not (700 * 0.001 is not 0.7). */
const parts = new Map(Object.entries({ n: 1e9, u: 1e6, m: 1e3 }));
/** Factors by suffix; a Map, since an object also has a `constructor`. */
const multiples = new Map(
    Object.entries({
        "": 1,
        k: 1e3,
        M: 1e6,
        G: 1e9,
        T: 1e12,
        P: 1e15,
        E: 1e18,
        Ki: 2 ** 10,
        Mi: 2 ** 20,
        Gi: 2 ** 30,
        Ti: 2 ** 40,
        Pi: 2 ** 50,
        Ei: 2 ** 60,
    }),
);
const seconds = new Map(Object.entries({ h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 }));

/**
 * A quantity as Kubernetes writes it: `12345678n`, `250m`, `1`, `12e6`, `131072Ki`.
 * @returns in the quantity's unit: cores, bytes or another one
 * @throws Error if the text is not a quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number {
    const [, number, unit = ""] = /^(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
    const [part, multiple] = [parts.get(unit), multiples.get(unit)];
    if (number === undefined || (part ?? multiple) === undefined) throw new Error(`"${text}" is not a quantity`);
    return part === undefined ? Number(number) * (multiple as number) : Number(number) / part;
}

/**
 * A duration as Go writes it, in seconds: `15s`, `1m2.5s`, `500ms`.
 * @throws Error if the text is not a duration
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number {
    const part = /(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g;
    if (!new RegExp(`^(?:${part.source})+$`).test(text)) throw new Error(`"${text}" is not a duration`);
    return [...text.matchAll(part)].reduce(
        (sum, [, number, unit = ""]) => sum + Number(number) * (seconds.get(unit) ?? 0),
        0,
    );
}
