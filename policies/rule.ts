import type {
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";
import { type Declared, isA, type KubernetesObject, kubernetesObject, titleOf } from "./objects.ts";
import { containersOf, type NamedContainer, type Pod, podOf } from "./pod-specs.ts";
import { type Findings, judge, type Look } from "./unknowns.ts";

/** What a policy protects. */
export type Group = "security" | "reproducibility" | "fairness";
/** The three groups, in display order. */
export const groups: readonly Group[] = ["security", "reproducibility", "fairness"];

/** Description of a rule. */
export interface About<Config> {
    /** Name of the policy, the same as its file's. */
    name: string;
    group: Group;
    /** The rule and its reason, a sentence each. */
    description: string;
    /** Whether it also judges a Patch: it forbids values, and requires none that the rest of the object can have. */
    ofPatches?: boolean;
    /** Settings: a schema with a default for each key, so that a check always has all values. */
    config?: Record<keyof Config, PolicyConfigSchema["properties"][string] & { default: unknown }>;
}

/** A rule about each container of each Pod, init containers and ephemeral ones included. */
export function containerRule<Config = object>(
    about: About<Config>,
    check: (container: NamedContainer["container"], pod: Pod, config: Config) => Findings,
): ResourceValidationPolicy {
    return eachObject(about, function* (object, config) {
        const pod = podOf(object);
        if (pod === undefined) return;
        for (const named of containersOf(pod)) {
            yield { title: named.title, look: () => check(named.container, pod, config) };
        }
    });
}

/** A rule about each Pod as a whole. */
export function podRule<Config = object>(
    about: About<Config>,
    check: (pod: Pod, config: Config) => Findings,
): ResourceValidationPolicy {
    return eachObject(about, function* (object, config) {
        const pod = podOf(object);
        if (pod !== undefined) yield { title: titleOf(object), look: () => check(pod, config) };
    });
}

/** A rule about each object of some kinds. @param kinds `any` for all kinds */
export function objectRule<Config = object>(
    about: About<Config>,
    kinds: readonly string[] | "any",
    check: (object: KubernetesObject, config: Config) => Findings,
): ResourceValidationPolicy {
    return eachObject(about, function* (object, config) {
        if (kinds !== "any" && !isA(object, kinds)) return;
        yield { title: titleOf(object), look: () => check(object, config) };
    });
}

/** A rule about several objects together. @param looks the checks, given all objects of the program */
export function stackRule<Config = object>(
    about: About<Config>,
    looks: (objects: KubernetesObject[], config: Config) => Iterable<Look>,
): StackValidationPolicy {
    return {
        ...policyOf(about),
        validateStack: ({ resources, getConfig }, report: ReportViolation) => {
            // The engine reports resources in the order of completion, which differs each time.
            const objects = resources
                .flatMap((resource) => kubernetesObject(resource as Declared) ?? [])
                .filter(({ isPatch }) => !isPatch)
                .sort((one, other) => (one.urn < other.urn ? -1 : 1));
            judge(() => looks(objects, configOf(about, getConfig())), report);
        },
    };
}

/** A rule about parts of each object. @param looks the checks of one object */
export function eachObject<Config = object>(
    about: About<Config>,
    looks: (object: KubernetesObject, config: Config) => Iterable<Look>,
): ResourceValidationPolicy {
    return {
        ...policyOf(about),
        validateResource: ({ type, name, urn, props, getConfig }, report) => {
            const object = kubernetesObject({ type, name, urn, props });
            if (object === undefined || (object.isPatch && about.ofPatches !== true)) return;
            judge(() => looks(object, configOf(about, getConfig())), report, titleOf(object));
        },
    };
}

function policyOf<Config>({ name, group, description, config }: About<Config>) {
    return {
        name,
        description,
        enforcementLevel: "mandatory" as const,
        tags: [group],
        ...(config && { configSchema: { properties: config } }),
    };
}

/**
 * The settings of a policy. Pulumi also fills in defaults, but only if it runs the policy itself. It checks the values, but
 * not the names of the keys.
 * @throws Error if the policy doesn't have a key
 */
function configOf<Config>({ name, config }: About<Config>, given: object): Config {
    const keys = Object.keys(config ?? {});
    const wrong = Object.keys(given).filter((key) => !keys.includes(key));
    if (wrong.length > 0) {
        const allowed = keys.length > 0 ? `the settings are ${keys.join(", ")}` : "there are no settings";
        throw new Error(`policy ${name}: ${allowed}, got ${wrong.join(", ")}; correct the pack's configuration`);
    }
    const defaults = Object.entries(config ?? {}).map(([key, schema]) => [
        key,
        (schema as { default: unknown }).default,
    ]);
    return { ...Object.fromEntries(defaults), ...given } as Config;
}
