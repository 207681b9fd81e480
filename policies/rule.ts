import type {
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";
import { type Declared, isA, type KubernetesObject, kubernetesObject, titleOf } from "./objects.ts";
import { containersOf, type NamedContainer, type Pod, podOf } from "./pod-specs.ts";
import { type Findings, judge, type Look } from "./unknowns.ts";

/** What a policy keeps. */
export type Group = "security" | "reproducibility" | "fairness";
/** The three groups, in the order in which they are shown. */
export const groups: readonly Group[] = ["security", "reproducibility", "fairness"];

/** What is known of a rule without running it. */
export interface About<Config> {
    /** Name of the policy, which is that of its file. */
    name: string;
    group: Group;
    /** What must be, and why; a sentence each. */
    description: string;
    /** Whether it judges a Patch as well: it refuses what is there, and asks for nothing that the rest of the object may have. */
    ofPatches?: boolean;
    /** What may be chosen: a schema with a default for each key, so that a check always finds them all. */
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

/** A rule about each object of some kinds. @param kinds all of them where it is `any` */
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

/** A rule about what objects are to each other. @param looks what to look at, given all objects of the program */
export function stackRule<Config = object>(
    about: About<Config>,
    looks: (objects: KubernetesObject[], config: Config) => Iterable<Look>,
): StackValidationPolicy {
    return {
        ...policyOf(about),
        validateStack: ({ resources, getConfig }, report: ReportViolation) => {
            // The engine tells of them in the order in which they were done, which is another one each time.
            const objects = resources
                .flatMap((resource) => kubernetesObject(resource as Declared) ?? [])
                .filter(({ isPatch }) => !isPatch)
                .sort((one, other) => (one.urn < other.urn ? -1 : 1));
            judge(() => looks(objects, configOf(about, getConfig())), report);
        },
    };
}

/** A rule about parts of each object. @param looks what to look at in one object */
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
 * What is configured. Pulumi fills in defaults as well, but only where it runs the policy itself, and it checks the values, but
 * not the names of the keys.
 * @throws Error where a key is none of the policy's
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
