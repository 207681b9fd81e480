import { injectionName, trialName } from "./names.ts";
import { type Expected, parseInjection, parseTrial } from "./parse.ts";

/** The kinds of a journal's entries. Each is a ConfigMap with the kind as a label: data `<kind>.json` and its `sha256`. */
export const entryKinds = {
    trial: { nameOf: trialName, parse: parseTrial },
    injection: { nameOf: injectionName, parse: parseInjection },
} as const;
/** One of {@link entryKinds}. */
export type EntryKind = keyof typeof entryKinds;
/** What the entries of a kind are. */
export type EntryOf<K extends EntryKind> = ReturnType<(typeof entryKinds)[K]["parse"]>;

/**
 * Reads an entry from the data of its ConfigMap, if it is intact.
 * @param expected besides its checksum
 * @throws ReportError as `parseTrial`
 */
export function readEntry<K extends EntryKind>(
    kind: K,
    data: Record<string, string> | undefined,
    expected: Omit<Expected, "sha256"> = {},
): EntryOf<K> {
    const { [`${kind}.json`]: text = "", sha256 = "" } = data ?? {};
    return entryKinds[kind].parse(text, { ...expected, sha256 }) as EntryOf<K>;
}
