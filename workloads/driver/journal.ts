import { messageOf } from "../../model/error.ts";
import { kindLabel, progressName, resultsName, runIdLabel, trialName } from "../../model/names.ts";
import { parseResults, parseTrial, sha256 } from "../../model/parse.ts";
import type { Progress } from "../../model/progress.ts";
import type { Results } from "../../model/results.ts";
import type { Trial } from "../../model/trial.ts";
import type { ScheduledTrial } from "../../statistics/schedule.ts";
import { type KubeClient, KubeError, type KubeObject } from "./kube-client.ts";

/** A `v1` ConfigMap. */
interface ConfigMap extends KubeObject {
    apiVersion: "v1";
    kind: "ConfigMap";
    immutable?: boolean;
    data: Record<string, string>;
}

/** What a run has written so far. */
export interface JournalContents {
    trials: Trial[];
    /** Entries that can't be used, each with the reason. */
    broken: { name: string; reason: string }[];
}

/** Everything a run writes: trials, progress and results, each a ConfigMap. */
export class Journal {
    readonly #kube: KubeClient;
    readonly #runId: string;
    #silentUntilMs = 0;

    constructor(kube: KubeClient, runId: string) {
        this.#kube = kube;
        this.#runId = runId;
    }

    /** Reads the journal's trials. */
    async read(): Promise<JournalContents> {
        const labels = { [runIdLabel]: this.#runId, [kindLabel]: "trial" };
        const contents: JournalContents = { trials: [], broken: [] };
        for (const { metadata, data } of await this.#kube.list<ConfigMap>("configmaps", labels)) {
            const source = `journal entry ${metadata.name}`;
            try {
                const { "trial.json": text = "", sha256: sum = "" } = data ?? {};
                contents.trials.push(parseTrial(text, { source, sha256: sum, runId: this.#runId }));
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
    async writeTrial(trial: Trial): Promise<void> {
        const name = trialName(this.#runId, trial.index);
        const text = JSON.stringify(trial);
        const data = { "trial.json": text, sha256: sha256(text) };
        try {
            await this.#kube.create("configmaps", { ...this.#configMap(name, "trial", data), immutable: true });
        } catch (error) {
            if (!(error instanceof KubeError) || error.status !== 409) throw error;
            const other = await this.#kube.get<ConfigMap>("configmaps", name);
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
    async writeResults(results: Results): Promise<void> {
        const text = JSON.stringify(results);
        const data = { "results.json": text, sha256: sha256(text), complete: String(results.complete) };
        await this.#kube.put("configmaps", this.#configMap(resultsName(this.#runId), "results", data));
    }

    #configMap(name: string, kind: string, data: Record<string, string>): ConfigMap {
        const labels = { [runIdLabel]: this.#runId, [kindLabel]: kind };
        return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data };
    }
}

/** @throws Error if the trials belong to another schedule: another plan under the same run id */
export function checkTrials(trials: readonly Trial[], schedule: readonly ScheduledTrial[]): void {
    for (const { index, arm, round, runId } of trials) {
        const planned = schedule[index];
        if (planned?.arm === arm && planned.round === round) continue;
        throw new Error(
            `the journal of run "${runId}" belongs to another plan: trial ${index} is ${arm}, round ${round}, expected ${planned === undefined ? "none" : `${planned.arm}, round ${planned.round}`}; use a new run id`,
        );
    }
}
