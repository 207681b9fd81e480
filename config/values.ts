import { parseSize } from "../model/sizes.ts";

/** Reads values of a configuration by key and collects their mistakes, so that all are reported at once. */
export class ConfigValues {
    /** One line for each mistake: key, value, and what is allowed. */
    readonly problems: string[] = [];
    readonly #values: Record<string, string>;

    constructor(values: Record<string, string>) {
        this.#values = values;
    }

    /** Whether a key is set, even to an invalid value. */
    isSet(key: string): boolean {
        return this.#values[key] !== undefined;
    }

    /** Adds a mistake in the value of a key, e.g. `hopcost:rounds "0": must be ...`. */
    refuse(key: string, value: string | undefined, expected: string): void {
        this.problems.push(`${key}${value === undefined ? "" : ` ${JSON.stringify(value)}`}: ${expected}`);
    }

    /** The value of a key, or the fallback if it isn't set. @param problem what is wrong with a value, if anything */
    text<T extends string | undefined>(
        key: string,
        fallback: T,
        problem?: (text: string) => string | undefined,
    ): string | T {
        const text = this.#values[key];
        if (text === undefined) return fallback;
        const wrong = text.trim() === "" ? "must not be empty; remove the key to use its default" : problem?.(text);
        if (wrong === undefined) return text;
        this.refuse(key, text, wrong);
        return fallback;
    }

    /** One of a few words. */
    choice<T extends string>(key: string, fallback: T, allowed: readonly T[]): T {
        const isAllowed = (text: string): text is T => (allowed as readonly string[]).includes(text);
        const text = this.text(key, fallback, (text) => {
            if (isAllowed(text)) return undefined;
            const meant = nearest(text, allowed);
            return `must be one of ${allowed.join(", ")}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
        });
        return text as T;
    }

    /** Yes or no: `true` or `false`. */
    flag(key: string, fallback: boolean): boolean {
        return this.choice(key, fallback ? "true" : "false", ["true", "false"]) === "true";
    }

    /** A number from `least` to `most`. */
    number(key: string, fallback: number, least: number, most: number, kind: "integer" | "number" = "integer"): number {
        const problem = (text: string) => {
            const value = Number(text);
            const fits = (kind === "number" ? Number.isFinite(value) : Number.isInteger(value)) && value >= least;
            return fits && value <= most
                ? undefined
                : `must be ${kind === "integer" ? "an" : "a"} ${kind} from ${least} to ${most}`;
        };
        const text = this.text(key, undefined, problem);
        return text === undefined ? fallback : Number(text);
    }

    /** Several words: a list (YAML or JSON), or one text separated by commas. */
    list<T>(key: string, fallback: readonly T[], read: (item: string) => T | undefined, expected: string): T[] {
        const text = this.text(key, undefined);
        if (text === undefined) return [...fallback];
        const items = itemsOf(text);
        const found = items.flatMap((item) => read(item) ?? []);
        const wrong = items.filter((item) => read(item) === undefined);
        if (items.length === 0) this.refuse(key, text, "must name at least one");
        for (const item of wrong) this.refuse(key, item, `must be ${expected}`);
        const distinct = [...new Set(found)];
        if (distinct.length < found.length) this.refuse(key, text, "must not contain duplicates");
        return wrong.length > 0 || distinct.length === 0 ? [...fallback] : distinct;
    }

    /** Payload sizes in bytes, at most what one call can read from a file or a socket. */
    sizes(key: string, fallback: readonly number[], least: number): number[] {
        const read = (item: string) => {
            const size = parseSize(item);
            return size !== undefined && size >= least && size < 2 ** 31 ? size : undefined;
        };
        const expected = `sizes of at least ${least} B and less than 2 GiB, such as "64 B", "1 KiB", "16 MiB" or a number of bytes`;
        return this.list(key, fallback, read, expected);
    }
}

/** A part of an image's name between two slashes, https://pkg.go.dev/github.com/distribution/reference. */
const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
/** A registry: with a dot, with a port, or localhost, or it would be a part of the name. */
const registry =
    "(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|(?:[a-zA-Z0-9.-]+|\\[[0-9a-fA-F:]+\\])(?=:))(?::\\d{1,5})?";
const image = new RegExp(
    `^(?:${registry}/)?${component}(?:/${component})*(:(?!latest(?:@|$))\\w[\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$`,
);

/** What is wrong with the image of a container: without a version it changes over time. @param example a valid image */
export function pinnedImage(example: string): (text: string) => string | undefined {
    return (text) => {
        const [isImage, tag, digest] = image.exec(text) ?? [];
        const isPinned = isImage !== undefined && (tag ?? digest) !== undefined;
        return isPinned ? undefined : `must be an image pinned to a version, such as "${example}"`;
    };
}

/** Items of a list, as texts. */
function itemsOf(text: string): string[] {
    let value: unknown = text;
    try {
        value = JSON.parse(text);
    } catch {
        // Not JSON, so a text separated by commas.
    }
    if (Array.isArray(value)) return value.map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
    return text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
}

/** The word most similar to another, with at most a third of its letters different; undefined if there is none. */
export function nearest(word: string, words: readonly string[]): string | undefined {
    const most = (candidate: string) => Math.max(1, candidate.length / 3);
    const [best] = words
        .filter((candidate) => Math.abs(candidate.length - word.length) <= most(candidate)) // a distance takes long to find
        .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
        .filter(({ candidate, distance }) => distance <= most(candidate))
        .sort((one, other) => one.distance - other.distance);
    return best?.candidate;
}

/** Levenshtein distance. */
function editDistance(one: string, other: string): number {
    let row = Array.from({ length: other.length + 1 }, (_, index) => index);
    for (let i = 1; i <= one.length; i++) {
        const next = [i];
        for (let j = 1; j <= other.length; j++) {
            const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
            next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, replaced));
        }
        row = next;
    }
    return row[other.length] as number;
}
