import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { loadKubeConfig } from "../cli/cluster/kube-config.ts";
import { allResultsAt } from "../cli/saved/find-results.ts";
import { configOf } from "../cli/stack/stack-config.ts";
import { readStackFile } from "../cli/stack/stack-file.ts";
import { CommandError } from "../cli/terminal/exit.ts";
import { ReportError } from "../model/error.ts";
import { parseInjection, parsePlan, parseResults, parseTrial } from "../model/parse.ts";
import type { Plan } from "../model/plan.ts";
import type { Results } from "../model/results.ts";
import type { Injection } from "../model/scenarios.ts";
import type { Trial } from "../model/trial.ts";
import { aggregate } from "../report/findings/results.ts";
import { parseThresholds } from "../report/findings/thresholds.ts";
import { reportPage } from "../report/formats/html/page.ts";
import { resultsMarkdown } from "../report/formats/markdown.ts";
import { resultsText } from "../report/formats/text.ts";
import { journalOf, planOf, resultsOf } from "./model/fixtures.ts";
import { injectionsOf, scenarioPlanOf } from "./report/injections.ts";
import { mutated, numRuns, reshaped } from "./support/damage.ts";

/** Reads each input; it gives an answer, or an error made for people. */
function survives(
    inputs: fc.Arbitrary<Buffer>,
    read: (input: Buffer) => void,
    isForPeople: (error: unknown) => boolean,
): void {
    fc.assert(
        fc.property(inputs, (input) => {
            try {
                read(input);
            } catch (error) {
                const { message = "" } = error as Error;
                assert.ok(isForPeople(error) && message !== "", `${(error as Error).stack}`);
            }
        }),
        { numRuns },
    );
}

describe("a reader of what others wrote, given damaged input, answers or says what is wrong", function () {
    this.timeout(30 * 60_000);
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-fuzz-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    const plan = planOf({ rounds: 2 });
    const trial = journalOf(plan)[0] as Trial;
    const results = resultsOf(plan);
    const isReport = (error: unknown) => error instanceof ReportError;
    const isCommand = (error: unknown) => error instanceof CommandError || error instanceof ReportError;
    const inFile = (name: string, bytes: Buffer) => {
        writeFileSync(join(folder, name), bytes);
        return join(folder, name);
    };

    it("results, which are shown if they are taken", () => {
        const show = (input: Buffer) => {
            const taken = parseResults(String(input));
            for (const format of [
                resultsText,
                (one: Results) => reportPage([one]),
                (one: Results) => resultsMarkdown([one]),
            ]) {
                format(taken);
            }
        };
        survives(mutated(JSON.stringify(results)), show, isReport);
        survives(reshaped(results), show, isReport);
    });

    it("a file of results", () => {
        const read = (input: Buffer) => void allResultsAt(inFile("results.json", input));
        survives(mutated(JSON.stringify([results])), read, isCommand);
        survives(mutated(JSON.stringify({ results })), read, isCommand);
    });

    it("a journal entry, and the plan", () => {
        const aggregated = (one: Trial, of: Plan) => void aggregate({ plan: of, trials: [one], stopReason: undefined });
        const readTrial = (input: Buffer) => aggregated(parseTrial(String(input)), plan);
        const readPlan = (input: Buffer) => aggregated(trial, parsePlan(String(input)));
        survives(mutated(JSON.stringify(trial)), readTrial, isReport);
        survives(reshaped(trial), readTrial, isReport);
        survives(mutated(JSON.stringify(plan)), readPlan, isReport);
        survives(reshaped(plan), readPlan, isReport);
    });

    it("an injection, the plan of scenarios, and results with both, which are shown if they are taken", () => {
        const scenarios = scenarioPlanOf();
        const of: Plan = { ...plan, scenarios };
        const [first, ...others] = injectionsOf(scenarios);
        const injection = briefly(first as Injection);
        const show = (one: Results) => {
            resultsText(one);
            reportPage([one]);
            resultsMarkdown([one]);
        };
        const shown = (injections: Injection[], planned: Plan) =>
            show(aggregate({ plan: planned, trials: [trial], injections }));
        const readInjection = (input: Buffer) => shown([parseInjection(String(input))], of);
        const readPlan = (input: Buffer) => shown([injection], parsePlan(String(input)));
        survives(mutated(JSON.stringify(injection)), readInjection, isReport);
        survives(reshaped(injection), readInjection, isReport);
        survives(reshaped(of), readPlan, isReport);
        const some = [first as Injection, ...others.slice(0, 20)].map(briefly);
        const saved = aggregate({ plan: of, trials: [trial], injections: some });
        const readResults = (input: Buffer) => show(parseResults(String(input)));
        survives(mutated(JSON.stringify(saved)), readResults, isReport);
        survives(reshaped(saved), readResults, isReport);
    });

    it("a stack file", () => {
        const text = readFileSync(join(import.meta.dirname, "..", "Pulumi.dev.yaml"), "utf8");
        const keys = "  hopcost:sizes: [64 B, 1 KiB]\n  hopcost:tolerations: [a=b:NoSchedule]\n  hopcost:rounds: 4\n";
        const read = (input: Buffer) => {
            inFile("Pulumi.dev.yaml", input);
            const file = readStackFile("dev", folder);
            configOf({ name: "dev", source: "Pulumi.dev.yaml", file }, {});
        };
        const document = { config: { "kubernetes:context": "a", "hopcost:sizes": ["64 B"], "hopcost:rounds": 4 } };
        survives(reshaped(document), read, isCommand);
        survives(mutated(`${text.replace(/^encryptionsalt.*$/m, "")}${keys}`), read, isCommand);
    });

    it("a kubeconfig", () => {
        const user =
            "- name: u\n  user:\n    exec: {command: ./x, args: [a], env: [{name: a, value: b}], apiVersion: v1}\n    as-groups: [a]\n";
        const cluster =
            "- name: c\n  cluster: {server: https://10.0.0.1, certificate-authority: ca.crt, proxy-url: http://p}\n";
        const text = `contexts:\n- name: x\n  context: {cluster: c, user: u}\nclusters:\n${cluster}users:\n${user}`;
        const read = (input: Buffer) => {
            const config = loadKubeConfig(inFile("kubeconfig", input));
            config.setCurrentContext("x");
            void config.plugin;
        };
        // Whoever opens a context shows the message, whatever kind of error it is; a fault of ours has another name.
        const isPlain = (error: unknown) => error instanceof Error && error.name === "Error";
        survives(mutated(text), read, isPlain);
        survives(reshaped(parse(text) as object), read, isPlain);
    });

    it("limits", () => {
        const given = (text: string) => ({ "max-ratio": [text], "max-p99": [text], "max-change": [text] });
        for (const text of ["64B=12", "network/cluster-ip@64B=2ms", "volume/chokidar=20%"]) {
            survives(mutated(text), (input) => void parseThresholds(given(String(input))), isReport);
        }
    });
});

/** An injection with only a few bins, so that damage often hits something else. */
function briefly(injection: Injection): Injection {
    const few = <T>(values: T[]) => values.slice(0, 5);
    const flows = injection.flows.map((flow) => {
        const { fromSeconds, outcomes, ...latencies } = flow.bins;
        const columns = Object.entries(outcomes).map(([outcome, counts]) => [outcome, few(counts)]);
        const bins = {
            fromSeconds,
            outcomes: Object.fromEntries(columns),
            p50Microseconds: few(latencies.p50Microseconds),
            p99Microseconds: few(latencies.p99Microseconds),
            maxMicroseconds: few(latencies.maxMicroseconds),
        };
        return { ...flow, bins };
    });
    return { ...injection, flows };
}
