import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { annotation } from "../../policies/annotations.ts";
import { sandboxStatus } from "../../sandbox/cluster/cluster.ts";
import { reasonOf } from "../../sandbox/errors.ts";
import { saysNothing } from "../../sandbox/say.ts";
import { type PulumiTools, pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { asJson } from "../saved/run-folder.ts";
import { type ChosenStack, chooseStack, sandboxStack } from "../stack/chosen-stack.ts";
import {
    type PolicyPreview,
    previewOf,
    renderedPreview,
    withoutCluster,
    withPolicies,
} from "../stack/policy-preview.ts";
import { openStack, removeScratch } from "../stack/stack.ts";
import { configOf } from "../stack/stack-config.ts";
import { stackFileName } from "../stack/stack-file.ts";
import { stackNames } from "../stack/stack-names.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";
import { previewTable } from "./policy-table.ts";

/** What the user asked for on the command line. */
export interface PoliciesOptions {
    json?: boolean;
}

/** A preview to make. */
interface Wanted {
    stack: string;
    /** The place of the preview, as shown to the user. */
    where: string;
    preview: () => Promise<PolicyPreview>;
}

/**
 * `hopcost policies`: previews stacks with the policy pack, as manifests, without a cluster; `dev` also in the sandbox if that is
 * up. Prints a table for each, and annotations on GitHub Actions.
 * @param stacks names; none: all that have a file
 * @returns the exit code: 5 if any stack violates a mandatory policy
 * @throws CommandError (configuration) if there is no stack file, or one has a mistake
 */
export async function policies(stacks: readonly string[], { json = false }: PoliciesOptions): Promise<number> {
    const names = stacks.length > 0 ? stacks : stackNames();
    if (names.length === 0) {
        const remedy = "hopcost init writes one, hopcost policies dev checks the sandbox's";
        throw new CommandError(exitCodes.configuration, `There is no stack file here; ${remedy}`);
    }
    const chosen = names.map((stack) => chooseStack({ stack }));
    const tools = await withPolicies(await step("Tools", pulumiTools));
    const found: (PolicyPreview & { stack: string; where: string })[] = [];
    for (const { stack, where, preview } of await wantedPreviews(chosen, tools)) {
        const outcome = await step(`Stack ${stack}, ${where}`, preview).catch((error) => {
            throw new Error(`stack ${stack}, ${where}: ${reasonOf(error)}`, { cause: error });
        });
        found.push({ stack, where, ...outcome });
        if (!json) show(stack, where, outcome);
    }
    if (json) process.stdout.write(asJson(found.map(documentOf)));
    return found.some(({ failed }) => failed) ? exitCodes.policy : exitCodes.ok;
}

function show(stack: string, where: string, { resources, violations }: PolicyPreview): void {
    console.log(previewTable(stack, where, resources, violations));
    if (process.env.GITHUB_ACTIONS !== "true") return;
    for (const { event } of violations) console.log(annotation(event, stackFileName(stack)));
}

function documentOf({ stack, where, failed, resources, violations }: PolicyPreview & { stack: string; where: string }) {
    const shown = violations.map(({ policy, mandatory, message }) => ({ policy, mandatory, message }));
    return { stack, where, ok: !failed, resources, violations: shown };
}

async function wantedPreviews(stacks: readonly ChosenStack[], tools: PulumiTools): Promise<Wanted[]> {
    const program: PulumiFn = (await import("../../index.ts")).default;
    const rendered = stacks.map((chosen) => {
        const { file, name: stack } = chosen;
        const config = (file.document.config ?? {}) as Record<string, unknown>;
        // Reports mistakes in the configuration before any preview: they are not policy violations.
        const values = withoutCluster(file.values);
        configOf({ ...chosen, file: { ...file, values } }, { "kubernetes:renderYamlToDirectory": "." });
        return { stack, where: "as manifests", preview: () => renderedPreview(stack, config, program, tools) };
    });
    const sandbox = stacks.find(({ name }) => name === sandboxStack);
    if (sandbox === undefined || (await sandboxStatus()).state !== "up") return rendered;
    const inSandbox = async () => {
        try {
            return await previewOf(await openStack(sandbox, {}, tools, saysNothing));
        } finally {
            removeScratch(sandbox);
        }
    };
    return [...rendered, { stack: sandboxStack, where: "in the sandbox", preview: inSandbox }];
}
