import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type EngineEvent, LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";
import { findingOf, type PolicyEvent, type EngineEvent as RuleEvent, verdictOf } from "../../policies/annotations.ts";
import { saysNothing } from "../../sandbox/say.ts";
import { policyAnalyzerFolder } from "../../sandbox/toolchain/policy-analyzer.ts";
import type { PulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { packageRoot, projectName } from "../project.ts";
import { exitCodes } from "../terminal/exit.ts";
import { pulumiCommandOf } from "./stack.ts";

/** Our policy pack. */
export const policyPack = join(packageRoot, "policies");

/** One violation that a policy found in a preview. */
export interface Violation {
    event: PolicyEvent;
    policy: string;
    /** Whether it fails the preview; else it is only shown, e.g. that a value is not known yet. */
    mandatory: boolean;
    /** The problem and the fix. */
    message: string;
}

/** The result of a preview with the pack. */
export interface PolicyPreview {
    /** Whether the preview failed, as it does if a mandatory policy is violated. */
    failed: boolean;
    /** Resources of the program, components and providers included. */
    resources: number;
    violations: Violation[];
}

/** These tools, with the program that runs a policy pack if the engine has no language host. */
export async function withPolicies(tools: PulumiTools): Promise<PulumiTools> {
    const path = `${process.env.PATH ?? ""}:${await policyAnalyzerFolder(saysNothing)}`;
    return { ...tools, env: { ...tools.env, PATH: path } };
}

/**
 * Previews a program with the pack, without a cluster: its manifests are rendered into a folder. State and folders are
 * temporary, so the user's are not touched.
 * @param config keys of the stack, e.g. `hopcost:profile`; those that name a cluster are ignored
 * @param tools with {@link withPolicies}
 * @throws Error if the preview fails for another reason than the pack
 */
export async function renderedPreview(
    stackName: string,
    config: Record<string, unknown>,
    program: PulumiFn,
    tools: PulumiTools,
): Promise<PolicyPreview> {
    const folder = mkdtempSync(join(tmpdir(), "hopcost-policies-"));
    const [workDir, state] = ["work", "state"].map((name) => join(folder, name)) as [string, string];
    for (const path of [workDir, state]) mkdirSync(path);
    try {
        const rendered = { ...withoutCluster(config), "kubernetes:renderYamlToDirectory": join(folder, "manifests") };
        writeFileSync(join(workDir, "Pulumi.yaml"), stringify({ name: projectName, runtime: "nodejs" }));
        writeFileSync(join(workDir, `Pulumi.${stackName}.yaml`), stringify({ config: rendered }));
        const stack = await LocalWorkspace.createStack(
            { stackName, projectName, program },
            {
                workDir,
                pulumiCommand: await pulumiCommandOf(tools),
                envVars: {
                    ...tools.env,
                    TMPDIR: folder,
                    PULUMI_BACKEND_URL: pathToFileURL(state).href,
                    PULUMI_CONFIG_PASSPHRASE: "",
                    // The provider treats KUBECONFIG like the stack's kubeconfig, and refuses it with rendered manifests.
                    KUBECONFIG: "",
                },
            },
        );
        return await previewOf(stack);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/**
 * Previews a stack with the pack.
 * @throws Error if the preview fails for another reason than the pack, or did not run it
 */
export async function previewOf(stack: Stack): Promise<PolicyPreview> {
    const events: EngineEvent[] = [];
    let failure: unknown;
    try {
        await stack.preview({
            policyPacks: [policyPack],
            onEvent: (event) => events.push(event),
            suppressOutputs: true,
        });
    } catch (error) {
        failure = error;
    }
    const violations = events
        .flatMap(({ policyEvent }) => (policyEvent === undefined ? [] : violationOf(policyEvent)))
        // The engine checks several resources at a time, in any order.
        .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
    const { exitCode, reason } = verdictOf(events as RuleEvent[]);
    if (exitCode === exitCodes.unexpected) {
        const errors = events.filter(({ diagnosticEvent }) => diagnosticEvent?.severity === "error");
        const said = errors.map(({ diagnosticEvent }) => diagnosticEvent?.message.trim()).join("\n");
        throw new Error(`${reason}\n${said || String(failure ?? "")}`.trim(), { cause: failure });
    }
    const resources = events.filter(({ resourcePreEvent }) => resourcePreEvent !== undefined).length;
    return { failed: failure !== undefined, resources, violations };
}

function sortKey({ mandatory, policy, message }: Violation): string {
    return `${mandatory ? 0 : 1} ${policy} ${message}`;
}

function violationOf(event: PolicyEvent): Violation {
    const mandatory = event.enforcementLevel === "mandatory";
    return { event, policy: event.policyName, mandatory, message: findingOf(event) };
}

/** A configuration without the keys that name a cluster: they are refused if manifests are only rendered. */
export function withoutCluster<T>(config: Record<string, T>): Record<string, T> {
    const { "kubernetes:context": _context, "kubernetes:kubeconfig": _kubeconfig, ...others } = config;
    return others;
}
