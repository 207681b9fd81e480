import * as pulumi from "@pulumi/pulumi";
import { type BenchmarkPlan, seedOf } from "../components/benchmark-plan.ts";
import { measuredPodDefaults, type Placement } from "../components/measured-pod-args.ts";
import { labelValue, type PodArgs } from "../components/pod-settings.ts";
import { cpuRule, isBelow, memoryRule, parseCpu, parseMemory } from "../components/quantity.ts";
import {
    isStorageClass,
    sharedVolumeDefaults,
    storageClassRule,
    type VolumeMedium,
} from "../components/shared-volume-pod.ts";
import { media, placements } from "../model/fields.ts";
import { dnsLabelPattern, namespacePattern } from "../model/names.ts";
import { type Profile, profiles } from "../model/profiles.ts";
import { refuseLongResults, refuseWhatDoesNotFit } from "./fit.ts";
import { configKeys } from "./keys.ts";
import { type MetricsConfig, metricsOf } from "./metrics.ts";
import { deadlineOf, measurementOf } from "./plan.ts";
import { imagePullSecretOf, mirrored, podSettingsOf, registryOf, type SecretName } from "./pods.ts";
import { scenariosOf } from "./scenarios.ts";
import { ConfigValues, nearest, pinnedImage } from "./values.ts";

/** The configuration of a stack, checked and complete. */
export interface HopcostConfig {
    /** Name of the stack. */
    stack: string;
    /** `kubernetes:context`: where everything is deployed; empty if manifests are only rendered. */
    context: string;
    /** `kubernetes:kubeconfig`: path of the kubeconfig with that context. @default kubectl's */
    kubeconfig: string | undefined;
    /** Whether `kubernetes:renderYamlToDirectory` is set: manifests are written, nothing runs. */
    rendersOnly: boolean;
    runId: string;
    profile: Profile;
    namespace: string;
    /** Image of all containers of the experiment. */
    image: string;
    /** What the cluster needs of every Pod. */
    pod: PodArgs<string>;
    /** Secret with which images are pulled, copied from another namespace. @default none */
    imagePullSecret: SecretName | undefined;
    /** Port of the API server, for NetworkPolicies. @default read from the cluster */
    apiServerPort: number | undefined;
    placement: Placement;
    /** CPU request and limit, and memory (request = limit), of each measured container, as Kubernetes quantities. */
    cpuRequest: string;
    cpuLimit: string | undefined;
    memory: string;
    /** Medium of the main shared volume, and size limit of each shared volume. */
    volumeMedium: VolumeMedium;
    volumeSize: string;
    /** StorageClass of the PersistentVolume that `volume/pvc` measures. @default no such volume */
    storageClass: string | undefined;
    /** Folder in which each `up` writes `results.json`; undefined: none. */
    reportDir: string | undefined;
    /** Metrics of the run; undefined: none. */
    metrics: MetricsConfig | undefined;
    /** What is measured. */
    plan: BenchmarkPlan;
}

/** Everything wrong with the configuration of a stack. Pulumi prints it without a stack trace. */
export class ConfigError extends pulumi.RunError {
    /** One line for each mistake: key, value, and what is allowed. */
    readonly problems: readonly string[];

    /** @param source where the configuration comes from, e.g. `Pulumi.dev.yaml` */
    constructor(stack: string, source: string, problems: readonly string[]) {
        const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
        const lines = problems.map((problem) => `\n  ${problem}`).join("");
        super(`The configuration of stack "${stack}" (${source}) has ${count}; nothing was deployed:${lines}`);
        this.problems = problems;
    }
}

/** Present names of keys that had another one. */
const formerKeys = new Map([["controlSizes", "ablationSizes"]]);

/** Default image of all containers of the experiment. */
export const defaultImage = "docker.io/library/node:24.21.0-bookworm-slim";

const runIdPattern = new RegExp(dnsLabelPattern(32));
/** The name of the stack is a label's value on every object. */
const stackRule =
    "must be at most 63 letters, digits, dots, dashes or underscores, beginning and ending with a letter or digit; rename it with: pulumi stack rename NAME";

/**
 * The configuration of a stack. Pure: values from Pulumi and from a stack file give the same result.
 * @param stack name of the stack
 * @param values texts by key with its namespace, e.g. `{ "hopcost:rounds": "5" }`; lists as JSON or separated by commas
 * @param source where the values come from, for the error
 * @throws ConfigError that lists every mistake
 */
export function readConfig(
    stack: string,
    values: Record<string, string>,
    source = `Pulumi.${stack}.yaml`,
): HopcostConfig {
    const config = new ConfigValues(values);
    refuseUnknownKeys(config, values);
    if (stack === "" || !labelValue.test(stack)) config.refuse("the name of the stack", stack, stackRule);
    const rendersOnly = values["kubernetes:renderYamlToDirectory"] !== undefined;
    const context = contextOf(config, values, rendersOnly);
    const kubeconfig = values["kubernetes:kubeconfig"];

    const runId = config.text("hopcost:runId", "1", (text) =>
        runIdPattern.test(text)
            ? undefined
            : "must be 1 to 32 lower-case letters, digits or dashes, beginning and ending with a letter or digit",
    );
    const namespace = namespaceOf(config, values, stack);
    const registry = registryOf(config);
    const image = mirrored(config.text("hopcost:image", defaultImage, pinnedImage(defaultImage)), registry);
    const pods = podsOf(config);
    const { placement, storageClass, memory, volumeMedium, volumeSize } = pods;
    const reportDir = config.text("hopcost:reportDir", undefined);
    const metrics = metricsOf(config, registry);
    const site = {
        pod: podSettingsOf(config),
        imagePullSecret: imagePullSecretOf(config),
        apiServerPort: config.isSet("hopcost:apiServerPort")
            ? config.number("hopcost:apiServerPort", 443, 1, 65_535)
            : undefined,
    };

    const profile = config.choice("hopcost:profile", "quick", Object.keys(profiles) as Profile[]);
    const measured = measurementOf(config, profile, { placement, storageClass });
    const seed = config.number("hopcost:seed", seedOf(runId), 0, 2 ** 32 - 1);
    const scenarios = scenariosOf(config, profile, storageClass);
    const ordered = { ...measured, seed, ...(scenarios && { scenarios }) };
    const deadlineSeconds = deadlineOf(config, ordered);
    refuseWhatDoesNotFit(config, { ...measured, volumeMedium }, memory, volumeSize);
    refuseLongResults(config, measured);

    if (config.problems.length > 0) throw new ConfigError(stack, source, config.problems);
    const plan = { runId, profile, ...ordered, deadlineSeconds, placement, volumeMedium };
    return {
        stack,
        context,
        kubeconfig,
        rendersOnly,
        runId,
        profile,
        namespace,
        image,
        ...site,
        ...pods,
        reportDir,
        metrics,
        plan,
    };
}

/** Placement of the measured Pods, and the resources of their containers and volumes. */
function podsOf(config: ConfigValues) {
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
    const volumeMedium = config.choice("hopcost:volumeMedium", sharedVolumeDefaults.medium, media);
    const volumeSize = config.text("hopcost:volumeSize", sharedVolumeDefaults.sizeLimit, memoryProblem);
    const storageClass = config.text("hopcost:storageClass", undefined, (text) =>
        isStorageClass(text) ? undefined : storageClassRule,
    );
    return { placement, cpuRequest, cpuLimit, memory, volumeMedium, volumeSize, storageClass };
}

function refuseUnknownKeys(config: ConfigValues, values: Record<string, string>): void {
    for (const [key, value] of Object.entries(values)) {
        const [namespace, name] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
        if (namespace !== "hopcost" || (configKeys as readonly string[]).includes(name)) continue;
        const meant = formerKeys.get(name) ?? nearest(name, configKeys);
        const hint = meant === undefined ? `the keys are ${configKeys.join(", ")}` : `did you mean hopcost:${meant}?`;
        config.refuse(key, value, `unknown key; ${hint}`);
    }
}

/** The context. If manifests are only rendered there is none, and the provider accepts no kubeconfig either. */
function contextOf(config: ConfigValues, values: Record<string, string>, rendersOnly: boolean): string {
    const [context, kubeconfig] = ["kubernetes:context", "kubernetes:kubeconfig"] as const;
    if (rendersOnly) {
        const remedy = "must not be set together with kubernetes:renderYamlToDirectory, which deploys nothing";
        if (values[context] !== undefined) config.refuse(context, values[context], remedy);
        if (values[kubeconfig] !== undefined) config.refuse(kubeconfig, undefined, remedy); // its value may be a secret
    } else if (values[context] === undefined) {
        const remedy = "`kubectl config get-contexts` lists them, `pulumi config set kubernetes:context NAME` sets it";
        const rule = "must be set, because nothing is deployed to a context you didn't name";
        config.refuse(context, undefined, `${rule}; ${remedy}`);
    } else if (values[context].trim() === "") {
        config.refuse(context, values[context], "must be the name of a context in the kubeconfig");
    }
    return values[context] ?? "";
}

/** The namespace. Its default is made from the stack's name and can be invalid. */
function namespaceOf(config: ConfigValues, values: Record<string, string>, stack: string): string {
    const rule = "must be at most 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
    const reserved = "must not be one of Kubernetes' own, because the namespace is created and deleted with the stack";
    const problem = (name: string) => {
        if (!namespacePattern.test(name)) return rule;
        return name === "default" || name.startsWith("kube-") ? reserved : undefined;
    };
    const fallback = `hopcost-${stack}`;
    const key = "hopcost:namespace";
    if (values[key] === undefined && problem(fallback) !== undefined) {
        config.refuse(key, fallback, `${rule}; this default comes from the stack's name, so set the key`);
    }
    return config.text(key, fallback, problem);
}

function cpuProblem(text: string): string | undefined {
    return parseCpu(text) === undefined ? cpuRule : undefined;
}

function memoryProblem(text: string): string | undefined {
    return parseMemory(text) === undefined ? memoryRule : undefined;
}
