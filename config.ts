import * as pulumi from "@pulumi/pulumi";
import type { BenchmarkPlan } from "./components/benchmark-plan.ts";
import { shortHash } from "./components/bundle.ts";
import { measuredPodDefaults, type Placement, placements } from "./components/measured-pod-args.ts";
import { cpuRule, isBelow, memoryRule, parseCpu, parseMemory } from "./components/quantity.ts";
import { sharedVolumeDefaults, type VolumeMedium, volumeMedia } from "./components/shared-volume-pod.ts";
import { ConfigValues, nearest } from "./config-values.ts";
import { allArms, familyOf, mainArms } from "./report/arms.ts";
import { expectedSeconds, type Profile, profiles } from "./report/plan.ts";
import { allSizes, formatSize } from "./report/sizes.ts";

/** The configuration of a stack, checked and complete. */
export interface HopcostConfig {
    /** Name of the stack. */
    stack: string;
    /** `kubernetes:context`: where everything is deployed; empty where manifests are only rendered. */
    context: string;
    /** `kubernetes:kubeconfig`: the kubeconfig (a path) with that context. @default that of kubectl */
    kubeconfig: string | undefined;
    /** Whether `kubernetes:renderYamlToDirectory` is set: manifests are written and nothing runs. */
    rendersOnly: boolean;
    runId: string;
    profile: Profile;
    namespace: string;
    /** Image of all containers. */
    image: string;
    placement: Placement;
    /** CPU request and limit, memory request = limit: of each measured container, as Kubernetes quantities. */
    cpuRequest: string;
    cpuLimit: string | undefined;
    memory: string;
    /** Medium of the shared volume and the most it may hold. */
    volumeMedium: VolumeMedium;
    volumeSize: string;
    /** Folder in which each `up` writes `results.json`; none where it is not set. */
    reportDir: string | undefined;
    /** What is measured. */
    plan: BenchmarkPlan;
}

/** What is wrong with the configuration of a stack, all of it. Pulumi prints it without a stack. */
export class ConfigError extends pulumi.RunError {
    /** One line for each mistake: key, value, and what would be right. */
    readonly problems: readonly string[];

    constructor(stack: string, problems: readonly string[]) {
        const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
        const lines = problems.map((problem) => `\n  ${problem}`).join("");
        super(
            `The configuration of stack "${stack}" (Pulumi.${stack}.yaml) has ${count}; nothing was deployed:${lines}`,
        );
        this.problems = problems;
    }
}

/** The keys `hopcost:...` that there are. */
export const configKeys = [
    "runId",
    "profile",
    "arms",
    "sizes",
    "rounds",
    "cellSeconds",
    "warmupSeconds",
    "seed",
    "deadlineSeconds",
    "namespace",
    "image",
    "placement",
    "cpuRequest",
    "cpuLimit",
    "memory",
    "volumeMedium",
    "volumeSize",
    "reportDir",
] as const;

/** Image of all containers where the stack names none. */
export const defaultImage = "docker.io/library/node:24.21.0-bookworm-slim";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Seconds that a run takes besides its plan: the driver's start and the results. */
const startSeconds = 30;
const mib = 1024 ** 2;

/**
 * The configuration of a stack. Pure: what Pulumi has, or what a stack file says, gives the same.
 * @param stack name of the stack
 * @param values text by key with its namespace, e.g. `{ "hopcost:rounds": "5" }`; lists as JSON or with commas
 * @throws ConfigError with every mistake at once
 */
export function readConfig(stack: string, values: Record<string, string>): HopcostConfig {
    const config = new ConfigValues(values);
    refuseUnknownKeys(config, values);
    const rendersOnly = values["kubernetes:renderYamlToDirectory"] !== undefined;
    const context = contextOf(config, values, rendersOnly);
    const kubeconfig = values["kubernetes:kubeconfig"];

    const runId = config.text("hopcost:runId", "1", (text) =>
        text.length <= 32 && dnsLabel.test(text)
            ? undefined
            : "must be 1 to 32 lower-case letters, digits or dashes, beginning and ending with a letter or digit",
    );
    const namespace = namespaceOf(config, values, stack);
    const image = config.text("hopcost:image", defaultImage, imageProblem);
    const placement = config.choice("hopcost:placement", measuredPodDefaults.placement, placements);
    const cpuRequest = config.text("hopcost:cpuRequest", measuredPodDefaults.cpuRequest, cpuProblem);
    const cpuLimit = config.text(
        "hopcost:cpuLimit",
        undefined,
        (text) =>
            cpuProblem(text) ??
            (isBelow(text, cpuRequest) ? `must be at least hopcost:cpuRequest ("${cpuRequest}")` : undefined),
    );
    const memory = config.text("hopcost:memory", measuredPodDefaults.memory, memoryProblem);
    const volumeMedium = config.choice("hopcost:volumeMedium", sharedVolumeDefaults.medium, volumeMedia);
    const volumeSize = config.text("hopcost:volumeSize", sharedVolumeDefaults.sizeLimit, memoryProblem);
    const reportDir = config.text("hopcost:reportDir", undefined);

    const profile = config.choice("hopcost:profile", "quick", Object.keys(profiles) as Profile[]);
    const measured = measurementOf(config, profile);
    const deadlineSeconds = deadlineOf(config, measured);
    const seed = config.number("hopcost:seed", Number.parseInt(shortHash([runId]).slice(0, 8), 16), 0, 2 ** 32 - 1);
    refuseWhatDoesNotFit(config, measured, memory, volumeSize);

    if (config.problems.length > 0) throw new ConfigError(stack, config.problems);
    const plan = {
        schemaVersion: 1 as const,
        runId,
        seed,
        profile,
        ...measured,
        deadlineSeconds,
        placement,
        image,
        volumeMedium,
    };
    return {
        ...{ stack, context, kubeconfig, rendersOnly, runId, profile, namespace, image, placement },
        ...{ cpuRequest, cpuLimit, memory, volumeMedium, volumeSize, reportDir, plan },
    };
}

/** What is measured, how often and for how long: the profile, and what overrides it. */
function measurementOf(config: ConfigValues, profile: Profile) {
    const { rounds, cellSeconds, warmupSeconds, warmupRoundTrips } = profiles[profile];
    const arms = config.list(
        "hopcost:arms",
        Object.values(mainArms),
        (item) => allArms.find((arm) => arm === item),
        `one of ${allArms.join(", ")}`,
    );
    return {
        arms,
        sizes: config.sizes("hopcost:sizes", allSizes, 16),
        rounds: config.number("hopcost:rounds", rounds, 1, 1000),
        warmupSeconds: config.number("hopcost:warmupSeconds", warmupSeconds, 0, 3600, "number"),
        warmupRoundTrips,
        cellSeconds: config.number("hopcost:cellSeconds", cellSeconds, 0.01, 3600, "number"),
    };
}

function refuseUnknownKeys(config: ConfigValues, values: Record<string, string>): void {
    for (const [key, value] of Object.entries(values)) {
        const [namespace, name] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
        if (namespace !== "hopcost" || (configKeys as readonly string[]).includes(name)) continue;
        const meant = nearest(name, configKeys);
        const hint = meant === undefined ? `the keys are ${configKeys.join(", ")}` : `did you mean hopcost:${meant}?`;
        config.refuse(key, value, `there is no such key; ${hint}`);
    }
}

/** Which context; none where manifests are only rendered, and then the provider wants no kubeconfig either. */
function contextOf(config: ConfigValues, values: Record<string, string>, rendersOnly: boolean): string {
    const [context, kubeconfig] = ["kubernetes:context", "kubernetes:kubeconfig"] as const;
    if (rendersOnly) {
        const remedy = "must not be set together with kubernetes:renderYamlToDirectory, which deploys nothing";
        if (values[context] !== undefined) config.refuse(context, values[context], remedy);
        if (values[kubeconfig] !== undefined) config.refuse(kubeconfig, undefined, remedy); // its value may be a secret
    } else if (values[context] === undefined) {
        const remedy = "`kubectl config get-contexts` lists them, `pulumi config set kubernetes:context NAME` sets it";
        const rule = "must be set, since nothing is deployed to a context that was not named";
        config.refuse(context, undefined, `${rule}; ${remedy}`);
    } else if (values[context].trim() === "") {
        config.refuse(context, values[context], "must be the name of a context in the kubeconfig");
    }
    return values[context] ?? "";
}

/** The namespace, whose default is made from the stack's name and so may be no name for one. */
function namespaceOf(config: ConfigValues, values: Record<string, string>, stack: string): string {
    const rule = "must be at most 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
    const reserved = "must not be one of Kubernetes' own: it is created with the stack and deleted with it";
    const problem = (name: string) => {
        if (name.length > 63 || !dnsLabel.test(name)) return rule;
        return name === "default" || name.startsWith("kube-") ? reserved : undefined;
    };
    const fallback = `hopcost-${stack}`;
    const key = "hopcost:namespace";
    if (values[key] === undefined && problem(fallback) !== undefined) {
        config.refuse(key, fallback, `${rule}; this one is made from the stack's name, so set the key`);
    }
    return config.text(key, fallback, problem);
}

/** The deadline of the Job; by default twice the time of the plan, for blocks that are repeated, and two minutes. */
function deadlineOf(config: ConfigValues, measured: Parameters<typeof expectedSeconds>[0]): number {
    const key = "hopcost:deadlineSeconds";
    const expected = Math.ceil(expectedSeconds(measured));
    const deadline = config.number(key, 2 * expected + 120, 1, 14 * 24 * 3600);
    const least = expected + startSeconds;
    if (deadline < least) {
        config.refuse(
            key,
            String(deadline),
            `the plan takes at least ${expected} s and ${startSeconds} s to start; set at least ${least}, or fewer hopcost:rounds, hopcost:sizes or hopcost:cellSeconds`,
        );
    }
    return deadline;
}

/**
 * Payloads that don't fit: each container runs a control server and the measured process (192 MiB in all), which holds
 * the payload a few times over while it is hashed and handed on, and tmpfs files count as the writer's memory; the volume
 * holds up to three payloads, and the small files beside them.
 */
function refuseWhatDoesNotFit(
    config: ConfigValues,
    measured: { arms: BenchmarkPlan["arms"]; sizes: readonly number[] },
    memory: string,
    volumeSize: string,
): void {
    const largest = Math.max(...measured.sizes);
    const needs = (key: string, text: string, bytes: number) => {
        if ((parseMemory(text) ?? Number.POSITIVE_INFINITY) >= bytes) return;
        const least = `${Math.ceil(bytes / mib)}Mi`;
        config.refuse(
            key,
            text,
            `payloads of ${formatSize(largest)} need at least ${least}; set that, or leave the largest hopcost:sizes out`,
        );
    };
    needs("hopcost:memory", memory, 192 * mib + 8 * largest);
    if (measured.arms.some((arm) => familyOf(arm) === "volume")) {
        needs("hopcost:volumeSize", volumeSize, Math.max(16 * mib, 4 * largest));
    }
}

function imageProblem(text: string): string | undefined {
    const pinned = /^[^\s@]+(@sha256:[0-9a-f]{64}|:(?!latest$)[\w.-]+)$/;
    return pinned.test(text) ? undefined : `must be an image pinned to a version, such as "${defaultImage}"`;
}

function cpuProblem(text: string): string | undefined {
    return parseCpu(text) === undefined ? cpuRule : undefined;
}

function memoryProblem(text: string): string | undefined {
    return parseMemory(text) === undefined ? memoryRule : undefined;
}
