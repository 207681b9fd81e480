import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Document, parseDocument, visit } from "yaml";
import { nearest } from "../../config/values.ts";
import { projectRoot } from "../project.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { stackNames } from "./stack-names.ts";

/** A `Pulumi.<stack>.yaml` as far as the command reads it. */
export interface StackFile {
    /** The whole file, so that everything in it is kept (secrets provider, salt). */
    document: Record<string, unknown>;
    /** Its `config`, each value as Pulumi passes it to the program: text, or JSON of a list or map. */
    values: Record<string, string>;
}

/** Name of the file of a stack, e.g. `Pulumi.dev.yaml`. */
export function stackFileName(stack: string): string {
    return `Pulumi.${stack}.yaml`;
}

/** Path of the file of a stack. */
export function stackPath(stack: string, folder = projectRoot): string {
    return join(folder, stackFileName(stack));
}

/**
 * Reads the configuration of a stack.
 * @throws CommandError (configuration) if there is no such file (naming the existing ones), or it can't be read, or is not
 * YAML
 */
export function readStackFile(stack: string, folder = projectRoot): StackFile {
    const path = stackPath(stack, folder);
    if (!existsSync(path)) {
        const names = stackNames(folder);
        const meant = nearest(stack, names);
        const hint = meant === undefined ? "Choose one with --stack, or copy one" : `Did you mean --stack ${meant}?`;
        const others =
            names.length === 0
                ? "hopcost init writes one, and --context NAME needs none"
                : `stacks here: ${names.join(", ")}. ${hint}`;
        throw new CommandError(exitCodes.configuration, `There is no stack file ${path}; ${others}`);
    }
    const document = parsed(path);
    if (document === null) return { document: {}, values: {} };
    if (typeof document !== "object" || Array.isArray(document)) {
        throw new CommandError(exitCodes.configuration, `${path} must be a map with the key config`);
    }
    const config: unknown = (document as Record<string, unknown>).config ?? {};
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
        throw new CommandError(
            exitCodes.configuration,
            `${path}: config must be a map of keys such as hopcost:profile`,
        );
    }
    refuseEmptyKeys(config as Record<string, unknown>, path);
    const keys = config as Record<string, unknown>;
    const given = { ...keys, ...reportDirIn(keys, folder), ...kubeconfigIn(keys, stack, folder) };
    const values = Object.entries(given).map(([key, value]) => [key, asPulumiText(value)] as const);
    return { document: { ...document, config: given }, values: Object.fromEntries(values) };
}

/** @throws CommandError (configuration) if a key has nothing after it: YAML's null, which is nobody's value */
function refuseEmptyKeys(config: Record<string, unknown>, path: string): void {
    const empty = Object.keys(config).filter((key) => config[key] === null);
    if (empty.length === 0) return;
    const keys = empty.join(", ");
    throw new CommandError(exitCodes.configuration, `${path}: no value for ${keys}; set one, or remove the key`);
}

function parsed(path: string): unknown {
    let problem = "can't be read";
    try {
        const text = readFileSync(path, "utf8");
        problem = "is not YAML";
        const document = parseDocument(text);
        const [error] = document.errors;
        if (error !== undefined) throw error;
        refuseAmbiguous(document, path);
        return document.toJS();
    } catch (error) {
        if (error instanceof CommandError) throw error;
        throw new CommandError(exitCodes.configuration, `${path} ${problem}: ${(error as Error).message}`);
    }
}

/**
 * Plain values that Pulumi's YAML reads otherwise than YAML 1.2: dates, octal and binary numbers, digits with underscores,
 * whole numbers of more than 15 digits, and numbers beyond all numbers.
 */
const ambiguous =
    /^(\d{4}-\d\d?-\d\d?([Tt\s].*)?|[-+]?0[0-9_]+|[-+]?0b[01_]+|[-+]?[0-9][0-9_]*_[0-9_.]*|[-+]?\d{16,}|[-+]?\.(inf|nan)|[-+]?[\d.]+e\+?\d{3,})$/i;

/** @throws CommandError (configuration) that names each such value */
function refuseAmbiguous(document: Document, path: string): void {
    const found: string[] = [];
    visit(document, {
        Scalar: (_key, { type, source }) => {
            if (type === "PLAIN" && source !== undefined && ambiguous.test(source)) found.push(source);
        },
    });
    if (found.length === 0) return;
    throw new CommandError(
        exitCodes.configuration,
        `${path}: Pulumi reads ${found.join(", ")} differently than it is written; put it in quotes, e.g. "${found[0]}"`,
    );
}

/**
 * The kubeconfig of a stack as an absolute path, since Pulumi reads it in a work folder. As with plain `pulumi`, `~/` is the
 * home folder, and a relative path starts at the folder of the stack file.
 * @throws CommandError (configuration) if it is not a path; the value may be a secret, and is not shown
 */
function kubeconfigIn(config: Record<string, unknown>, stack: string, folder: string): Record<string, string> {
    const key = "kubernetes:kubeconfig";
    const path = config[key];
    if (path === undefined) return {};
    if (typeof path !== "string" || /[\n{]/.test(path) || path === "") {
        throw new CommandError(
            exitCodes.configuration,
            `${join(folder, stackFileName(stack))}: ${key} must be the path of a kubeconfig, not its contents or a secret; save it in a file, then: pulumi config set ${key} PATH --stack ${stack}`,
        );
    }
    return { [key]: resolve(folder, path.replace(/^~(?=\/|$)/, homedir())) };
}

/** The folder of the reports as an absolute path: like plain `pulumi`, a relative one starts beside the stack file. */
function reportDirIn(config: Record<string, unknown>, folder: string): Record<string, string> {
    const key = "hopcost:reportDir";
    const path = config[key];
    return typeof path === "string" && path.trim() !== "" ? { [key]: resolve(folder, path) } : {};
}

function asPulumiText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
