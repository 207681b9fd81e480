import { messageOf } from "../../model/error.ts";
import { type EntryKind, type EntryOf, entryKinds, readEntry } from "../../model/journal.ts";
import { kindLabel, progressName, resultsName, runIdLabel } from "../../model/names.ts";
import { parseResults, sha256 } from "../../model/parse.ts";
import type { Progress } from "../../model/progress.ts";
import type { Results } from "../../model/results.ts";
import type { Injection } from "../../model/scenarios.ts";
import type { Trial } from "../../model/trial.ts";
import { type KubeClient, KubeError, type KubeObject, type RequestOptions } from "./kube-client.ts";

/** A `v1` ConfigMap. */
interface ConfigMap extends KubeObject {
    apiVersion: "v1";
    kind: "ConfigMap";
    immutable?: boolean;
    data: Record<string, string>;
}

/** Longer than the outages of the API server that are injected. */
const injectionPatienceSeconds = 180;

/** What a run has written so far, of one kind. */
export interface JournalContents<Entry> {
    entries: Entry[];
    /** Entries that can't be used, each with the reason. */
    broken: { name: string; reason: string }[];
}

/** Everything that a run writes: trials, injections, progress and results, each a ConfigMap. */
export class Journal {
    readonly #kube: KubeClient;
    readonly #runId: string;
    #silentUntilMs = 0;

    constructor(kube: KubeClient, runId: string) {
        this.#kube = kube;
        this.#runId = runId;
    }

    /** Reads the journal's trials. */
    read(): Promise<JournalContents<Trial>> {
        return this.#read("trial");
    }

    /** Reads the journal's injections. */
    readInjections(): Promise<JournalContents<Injection>> {
        return this.#read("injection");
    }

    async #read<K extends EntryKind>(kind: K): Promise<JournalContents<EntryOf<K>>> {
        const labels = { [runIdLabel]: this.#runId, [kindLabel]: kind };
        const contents: JournalContents<EntryOf<K>> = { entries: [], broken: [] };
        for (const { metadata, data } of await this.#kube.list<ConfigMap>("configmaps", labels)) {
            const source = `journal entry ${metadata.name}`;
            try {
                contents.entries.push(readEntry(kind, data, { source, runId: this.#runId }));
            } catch (error) {
                contents.broken.push({ name: metadata.name, reason: messageOf(error) });
            }
        }
        return contents;
    }

    /**
     * Writes a trial, immutably. Writing the same trial again is fine: the answer can have been lost.
     * @throws Error if a different one has its name
     */
    writeTrial(trial: Trial): Promise<void> {
        return this.#write("trial", trial);
    }

    /** Writes an injection, as {@link writeTrial} does. */
    writeInjection(injection: Injection): Promise<void> {
        return this.#write("injection", injection, { patienceSeconds: injectionPatienceSeconds });
    }

    async #write(kind: EntryKind, entry: Trial | Injection, options?: RequestOptions): Promise<void> {
        const name = entryKinds[kind].nameOf(this.#runId, entry.index);
        const text = JSON.stringify(entry);
        const data = { [`${kind}.json`]: text, sha256: sha256(text) };
        try {
            await this.#kube.create("configmaps", { ...this.#configMap(name, kind, data), immutable: true }, options);
        } catch (error) {
            if (!(error instanceof KubeError) || error.status !== 409) throw error;
            const other = await this.#kube.get<ConfigMap>("configmaps", name, options);
            if (other?.data.sha256 === data.sha256) return;
            throw new Error(
                `journal entry ${name} already exists with different contents, perhaps from another driver of run "${this.#runId}"; start a new run`,
                { cause: error },
            );
        }
    }

    /** Only for the live display: never retried, and skipped for 5 s after a failure. */
    async writeProgress(progress: Progress): Promise<void> {
        if (performance.now() < this.#silentUntilMs) return;
        const data = { "progress.json": JSON.stringify(progress) };
        const map = this.#configMap(progressName(this.#runId), "progress", data);
        await this.#kube.put("configmaps", map, { patienceSeconds: 0, timeoutSeconds: 1 }).catch(() => {
            this.#silentUntilMs = performance.now() + 5000;
        });
    }

    /** Results that an earlier driver of this run wrote, if they are complete. */
    async readCompleteResults(): Promise<Results | undefined> {
        const map = await this.#kube.get<ConfigMap>("configmaps", resultsName(this.#runId));
        if (map?.data?.complete !== "true") return undefined;
        try {
            return parseResults(map.data["results.json"] ?? "", { sha256: map.data.sha256, runId: this.#runId });
        } catch {
            return undefined; // broken: written again
        }
    }

    /** Writes the results, replacing incomplete ones of an earlier driver of this run. */
    async writeResults(results: Results, options?: RequestOptions): Promise<void> {
        const text = JSON.stringify(results);
        const data = { "results.json": text, sha256: sha256(text), complete: String(results.complete) };
        await this.#kube.put("configmaps", this.#configMap(resultsName(this.#runId), "results", data), options);
    }

    #configMap(name: string, kind: string, data: Record<string, string>): ConfigMap {
        const labels = { [runIdLabel]: this.#runId, [kindLabel]: kind };
        return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data };
    }
}

/** Indexes of a kind's entries, also of those that can't be used: they are not written again. */
export function indexesOf({ entries, broken }: JournalContents<{ index: number }>): Set<number> {
    const named = broken.map(({ name }) => Number(/\d+$/.exec(name)?.[0]));
    return new Set([...entries.map(({ index }) => index), ...named]);
}

/** Why entries can't be used; undefined if there are none. */
export function damageOf({ broken }: Pick<JournalContents<unknown>, "broken">): string | undefined {
    return broken.map(({ reason }) => reason).join("; ") || undefined;
}

/**
 * @param describe what an entry of this kind is about; the same for what was planned and what was done
 * @throws Error if the entries belong to another schedule: another plan under the same run id
 */
export function checkEntries<Planned>(
    kind: EntryKind,
    entries: readonly (NoInfer<Planned> & { index: number; runId: string })[],
    schedule: readonly NoInfer<Planned>[],
    describe: (entry: Planned) => string,
): void {
    for (const entry of entries) {
        const planned = schedule[entry.index];
        const expected = planned === undefined ? "none" : describe(planned);
        if (expected === describe(entry)) continue;
        throw new Error(
            `the journal of run "${entry.runId}" belongs to another plan: ${kind} ${entry.index} is ${describe(entry)}, expected ${expected}; use a new run id`,
        );
    }
}
