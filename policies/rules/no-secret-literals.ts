import { isA, type KubernetesObject, titleOf } from "../objects.ts";
import { containersOf, podOf } from "../pod-specs.ts";
import { eachObject } from "../rule.ts";
import { looksSecret, namesSecret, secretsInText } from "../secrets.ts";
import type { Findings } from "../unknowns.ts";

/** The message never shows the value. */
export const noSecretLiterals = eachObject(
    {
        name: "no-secret-literals",
        group: "security",
        ofPatches: true,
        description:
            "No environment variable, argument or ConfigMap contains a secret. It would appear in the state, the logs and every `kubectl describe`.",
    },
    function* (object) {
        const title = titleOf(object);
        // Look at each separately: unknown values are common here, and must not hide the others.
        for (const look of isA(object, ["ConfigMap"]) ? filesOf(object) : literalsOf(object)) yield { title, look };
    },
);

const remedy = "put it into a Secret, and reference the Secret";

function* literalsOf(object: KubernetesObject): Generator<() => Findings> {
    const pod = podOf(object);
    if (pod === undefined) return;
    for (const named of containersOf(pod)) {
        const ofVariable = (variable?: Variable) => variableFinding(named.container.name, variable);
        const ofWord = (word = "", next: () => string | undefined) =>
            argumentFindings(word, next).map((what) => `container "${named.container.name}", ${what}`);
        yield* each(() => named.container.env, ofVariable);
        yield* each(() => named.container.command, ofWord);
        yield* each(() => named.container.args, ofWord);
    }
}

/** First a look that determines the length of a list, then a look at each of its parts. */
function* each<T>(
    list: () => readonly T[] | undefined,
    find: (part: T | undefined, next: () => T | undefined) => Findings,
): Generator<() => Findings> {
    let length = 0;
    yield () => {
        length = list()?.length ?? 0;
        return undefined;
    };
    for (let index = 0; index < length; index++) {
        yield () => find(list()?.[index], () => list()?.[index + 1]);
    }
}

interface Variable {
    name: string;
    value?: string;
}

function variableFinding(container: string, variable?: Variable): Findings {
    if (variable === undefined || !isSecret(variable)) return undefined;
    return `container "${container}", variable ${variable.name} looks like a secret; ${remedy}`;
}

function isSecret({ name, value = "" }: Variable): boolean {
    return (namesSecret(name) && looksSecret(value)) || secretsInText(value).length > 0;
}

/** Findings in an argument, which can be a whole shell command. @param next the argument after it */
function argumentFindings(argument: string, next: () => string | undefined): string[] {
    const words = argument.split(/\s+/);
    const options = words.length > 1 ? words.filter((word) => word.startsWith("--")) : [];
    const found = [argument, ...options].flatMap((text) => secretsInText(text.replace(/^-+/, "")));
    const values = words.flatMap((word, index) => {
        if (!/^--?[\w.-]+$/.test(word) || !namesSecret(word.replace(/^-+/, ""))) return [];
        const value = (index + 1 < words.length ? words[index + 1] : next()) ?? "";
        return looksSecret(value) && !value.startsWith("-") ? `the value of ${word}` : [];
    });
    return [...found, ...values].map((what) => `an argument looks like a secret (${what}); ${remedy}`);
}

function* filesOf({ props }: KubernetesObject): Generator<() => Findings> {
    const texts = () => (props.data ?? {}) as Record<string, string>;
    const bytes = () => (props.binaryData ?? {}) as Record<string, string>;
    const ofText = (key = "") => fileFindings(key, texts()[key]);
    const ofBytes = (key = "") => fileFindings(key, decoded(bytes()[key]));
    yield* each(() => Object.keys(texts()), ofText);
    yield* each(() => Object.keys(bytes()), ofBytes);
}

function fileFindings(key: string, text = ""): Findings {
    const found = namesSecret(key) && looksSecret(text) ? ["its name"] : secretsInText(text);
    return found.map((what) => `key ${key} looks like a secret (${what}); ${remedy}`);
}

function decoded(bytes = ""): string {
    return Buffer.from(bytes, "base64").toString("latin1");
}
