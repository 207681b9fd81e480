import fc from "fast-check";

/** Cases of each reader: `FUZZ_CASES=10000 node test/run.ts test/fuzz.test.ts` takes minutes. */
export const numRuns = Number(process.env.FUZZ_CASES ?? 500);

/** A text with some bytes changed, inserted or left out, or a piece of it twice. */
export function mutated(text: string): fc.Arbitrary<Buffer> {
    const bytes = Buffer.from(text);
    const at = fc.nat(bytes.length);
    const edit = fc.record({ at, length: fc.nat(40), insert: fc.oneof(fc.uint8Array({ maxLength: 8 }), piece(bytes)) });
    return fc
        .array(edit, { minLength: 1, maxLength: 4 })
        .map((edits) =>
            edits.reduce(
                (all, { at, length, insert }) =>
                    Buffer.concat([all.subarray(0, at), insert, all.subarray(at + length)]),
                bytes,
            ),
        );
}

/** A document with some values replaced or left out, anywhere in it. */
export function reshaped(document: object): fc.Arbitrary<Buffer> {
    const places = placesIn(document);
    const numbers = fc.constantFrom(0, -1, 0.5, 1e308, 5e-324, 2 ** 53);
    const texts = fc.constantFrom("", "network/pigeon", "\u0000<b>&|`", "x".repeat(5000), "__proto__");
    const value = fc.oneof(
        numbers,
        texts,
        fc.constantFrom(null, [], {}, true, undefined),
        fc.jsonValue({ maxDepth: 1 }),
    );
    const edits = fc.array(fc.tuple(fc.nat(places.length - 1), value), { minLength: 1, maxLength: 3 });
    return edits.map((all) => {
        const changed = structuredClone(document);
        for (const [place, put] of all) putAt(changed, places[place] ?? [], structuredClone(put));
        return Buffer.from(JSON.stringify(changed));
    });
}

function placesIn(value: unknown, path: readonly string[] = []): string[][] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...placesIn(inner, [...path, key])]);
}

function putAt(document: object, path: readonly string[], value: unknown): void {
    let at: unknown = document;
    for (const key of path.slice(0, -1)) at = (at as Record<string, unknown> | undefined)?.[key];
    const key = path.at(-1);
    if (typeof at === "object" && at !== null && key !== undefined) (at as Record<string, unknown>)[key] = value;
}

/** What may break a reader that trusts its input: other types in the place of a value, and pieces of the text itself. */
function piece(bytes: Buffer): fc.Arbitrary<Uint8Array> {
    const values = [
        "null",
        "{}",
        "[]",
        "-1",
        "1e999",
        '""',
        "true",
        '"\\u0000"',
        "[null]",
        "\n",
        "\ufeff",
        "__proto__",
    ];
    const own = fc.tuple(fc.nat(bytes.length), fc.nat(60)).map(([at, length]) => bytes.subarray(at, at + length));
    return fc.oneof(fc.constantFrom(...values.map((value) => Buffer.from(value))), own);
}
