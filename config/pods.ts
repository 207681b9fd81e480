import { type PodArgs, parseLabel, parseToleration, userIdChoices } from "../components/pod-settings.ts";
import { namespacePattern, objectNamePattern } from "../model/names.ts";
import type { ConfigValues } from "./values.ts";

/** What the cluster needs of every Pod. */
export function podSettingsOf(config: ConfigValues): PodArgs<string> {
    const labels = config.list(
        "hopcost:nodeSelector",
        [],
        parseLabel,
        'labels of nodes such as "node.kubernetes.io/instance-type=m5.large"',
    );
    const tolerations = config.list(
        "hopcost:tolerations",
        [],
        parseToleration,
        'taints such as "dedicated=benchmark:NoSchedule", "dedicated:NoSchedule" or "dedicated"',
    );
    return {
        ...(labels.length > 0 && { nodeSelector: Object.fromEntries(labels.map(({ key, value }) => [key, value])) }),
        ...(tolerations.length > 0 && { tolerations }),
        userIds: config.choice("hopcost:userIds", "fixed", userIdChoices),
    };
}

/** What a registry's address must be. */
const registryRule = 'must be a registry, with a path if it has one, such as "registry.example:5000/mirror"';
const registryPattern = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Where all images come from; undefined: where their names say. */
export function registryOf(config: ConfigValues): string | undefined {
    return config.text("hopcost:registry", undefined, (text) =>
        registryPattern.test(text) ? undefined : registryRule,
    );
}

/**
 * The image in a registry that mirrors others: `docker.io/library/node:24` is `registry.example/mirror/library/node:24`.
 * @param registry address of the mirror with its path; undefined: the image as it is
 */
export function mirrored(image: string, registry: string | undefined): string {
    if (registry === undefined) return image;
    const [first = "", ...rest] = image.split("/");
    const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
    return [registry, ...(hasHost ? rest : [first, ...rest])].join("/");
}

/** Name of a Secret elsewhere, e.g. `{ namespace: "ci", name: "registry" }`. */
export interface SecretName {
    namespace: string;
    name: string;
}

/** The Secret with which images are pulled: one that exists, which the program copies into the stack's namespace. */
export function imagePullSecretOf(config: ConfigValues): SecretName | undefined {
    const text = config.text("hopcost:imagePullSecret", undefined, (text) =>
        parseSecretName(text) === undefined
            ? 'must be the namespace and name of a Secret of type kubernetes.io/dockerconfigjson, such as "ci/registry"'
            : undefined,
    );
    return text === undefined ? undefined : parseSecretName(text);
}

function parseSecretName(text: string): SecretName | undefined {
    const [namespace = "", name = "", ...rest] = text.split("/");
    const isName = namespacePattern.test(namespace) && objectNamePattern.test(name) && rest.length === 0;
    return isName ? { namespace, name } : undefined;
}
