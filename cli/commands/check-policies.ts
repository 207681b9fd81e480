/**
 * Previews every stack file with the policy pack: as manifests, without a cluster, and against the sandbox if it is up.
 * Prints a table for each, and annotations on GitHub Actions.
 *
 *     npm run check:policies
 */
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { annotation } from "../../policies/annotations.ts";
import { sandboxStatus } from "../../sandbox/cluster/cluster.ts";
import { reasonOf } from "../../sandbox/errors.ts";
import { saysNothing } from "../../sandbox/say.ts";
import { type PulumiTools, pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { chooseStack, sandboxStack } from "../stack/chosen-stack.ts";
import {
    type PolicyPreview,
    previewOf,
    renderedPreview,
    withoutCluster,
    withPolicies,
} from "../stack/policy-preview.ts";
import { openStack, removeScratch } from "../stack/stack.ts";
import { configOf } from "../stack/stack-config.ts";
import { stackNames } from "../stack/stack-names.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { step } from "../terminal/steps.ts";
import { previewTable } from "./policy-table.ts";

/** A preview to make. */
interface Wanted {
    stack: string;
    /** The place of the preview, as shown to the user. */
    where: string;
    preview: () => Promise<PolicyPreview>;
}

const sandbox = chooseStack({ stack: sandboxStack });
try {
    process.exitCode = await checkPolicies();
} catch (error) {
    console.error(`check:policies: ${(error as Error).message}`);
    process.exitCode = error instanceof CommandError ? error.exitCode : exitCodes.unexpected;
} finally {
    removeScratch(sandbox);
}
// Output to a pipe may still be in flight; Pulumi's sockets would keep the process alive for seconds.
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

/** @returns the exit code: 5 if any stack violates a mandatory policy */
async function checkPolicies(): Promise<number> {
    const tools = await withPolicies(await step("Tools", pulumiTools));
    let anyFailed = false;
    for (const { stack, where, preview } of await wantedPreviews(tools)) {
        const { failed, resources, violations } = await step(`Stack ${stack}, ${where}`, preview).catch((error) => {
            throw new Error(`stack ${stack}, ${where}: ${reasonOf(error)}`, { cause: error });
        });
        console.log(previewTable(stack, where, resources, violations));
        if (process.env.GITHUB_ACTIONS === "true") {
            for (const { event } of violations) console.log(annotation(event, `Pulumi.${stack}.yaml`));
        }
        anyFailed ||= failed;
    }
    return anyFailed ? exitCodes.policy : exitCodes.ok;
}

async function wantedPreviews(tools: PulumiTools): Promise<Wanted[]> {
    const program: PulumiFn = (await import("../../index.ts")).default;
    const rendered = stackNames().map((stack) => {
        const chosen = chooseStack({ stack });
        const { file } = chosen;
        const config = (file.document.config ?? {}) as Record<string, unknown>;
        // Reports mistakes in the configuration before any preview: they are not policy violations.
        const values = withoutCluster(file.values);
        configOf({ ...chosen, file: { ...file, values } }, { "kubernetes:renderYamlToDirectory": "." });
        return { stack, where: "as manifests", preview: () => renderedPreview(stack, config, program, tools) };
    });
    const { state } = await sandboxStatus();
    if (state !== "up") return rendered;
    const inSandbox = async () => previewOf(await openStack(sandbox, {}, tools, saysNothing));
    return [...rendered, { stack: sandboxStack, where: "in the sandbox", preview: inSandbox }];
}
