import { isA, type KubernetesObject } from "../objects.ts";
import { containersOf, podOf } from "../pod-specs.ts";
import { objectRule } from "../rule.ts";
import { looksSecret, namesSecret, secretsInText } from "../secrets.ts";
import type { Findings } from "../unknowns.ts";

/** The message never shows the value. */
export const noSecretLiterals = objectRule(
    {
        name: "no-secret-literals",
        group: "security",
        description:
            "No secret stands in an environment variable, an argument or a ConfigMap. There it is in the state, the logs and every `kubectl describe`.",
    },
    "any",
    (object) => (isA(object, ["ConfigMap"]) ? configMapFindings(object) : containerFindings(object)),
);

const remedy = "put it into a Secret, and refer to that";

function containerFindings(object: KubernetesObject): string[] {
    const pod = podOf(object);
    if (pod === undefined) return [];
    return [...containersOf(pod)].flatMap(({ container: { name, env = [], command = [], args = [] } }) => {
        const variables = env.filter(isSecret);
        const words = [...command, ...args].map((word) => secretsInText(word.replace(/^-+/, "")));
        return [
            ...variables.map(
                (variable) => `container "${name}", variable ${variable.name} looks like a secret; ${remedy}`,
            ),
            ...words.flat().map((what) => `container "${name}", an argument looks like a secret (${what}); ${remedy}`),
        ];
    });
}

function isSecret({ name, value = "" }: { name: string; value?: string }): boolean {
    return (namesSecret(name) && looksSecret(value)) || secretsInText(value).length > 0;
}

function configMapFindings({ props }: KubernetesObject): Findings {
    const files = { ...(props.data as Record<string, string> | undefined), ...decoded(props.binaryData) };
    return Object.entries(files).flatMap(([key, value]) => {
        const found = namesSecret(key) && looksSecret(value) ? ["its name"] : secretsInText(value);
        return found.map((what) => `key ${key} looks like a secret (${what}); ${remedy}`);
    });
}

function decoded(binaryData: unknown): Record<string, string> {
    const entries = Object.entries((binaryData as Record<string, string> | undefined) ?? {});
    return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString("latin1")]));
}
