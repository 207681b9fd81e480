import { createHash } from "node:crypto";
import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { messageOf, ReportError } from "./error.ts";
import { schemaVersion } from "./fields.ts";
import { Plan } from "./plan.ts";
import { Results } from "./results.ts";
import { Injection } from "./scenarios.ts";
import { Trial } from "./trial.ts";

/** Expected properties of a text; absent ones are not checked. */
export interface Expected {
    /** Source of the text, for messages, e.g. the name of the file or the ConfigMap. */
    source?: string | undefined;
    /** SHA-256 of the text, hex. */
    sha256?: string | undefined;
    runId?: string | undefined;
}

/**
 * Reads a results document.
 * @throws ReportError if it is truncated, modified, of another run or of another schema; the message says what to do
 */
export function parseResults(text: string, expected: Expected = {}): Results {
    return parse(Results, text, "results", expected);
}

/**
 * Reads a journal entry.
 * @param expected properties of the entry, or only its SHA-256
 * @throws ReportError as {@link parseResults}
 */
export function parseTrial(text: string, expected: Expected | string = {}): Trial {
    return parse(Trial, text, "journal entry", typeof expected === "string" ? { sha256: expected } : expected);
}

/**
 * Reads a journal entry of an injection.
 * @throws ReportError as {@link parseResults}
 */
export function parseInjection(text: string, expected: Expected = {}): Injection {
    return parse(Injection, text, "journal entry", expected);
}

/**
 * Reads the driver's plan.
 * @throws ReportError as {@link parseResults}
 */
export function parsePlan(text: string, expected: Expected = {}): Plan {
    return parse(Plan, text, "plan", expected);
}

/** SHA-256 of the text as UTF-8, hex, as stored beside results and journal entries. */
export function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

function parse<T extends TSchema>(schema: T, text: string, kind: string, expected: Expected): Static<T> {
    const source = expected.source ?? kind;
    if (expected.sha256 !== undefined && expected.sha256 !== sha256(text)) {
        throw new ReportError(
            `${source}: its SHA-256 is ${sha256(text)}, expected ${expected.sha256}; it was modified or truncated after it was written; read it again or repeat the run`,
        );
    }
    const value = parseJson(text, source);
    const version = field(value, "schemaVersion");
    if (version !== schemaVersion) throw new ReportError(`${source}: ${otherVersion(version, value)}`);
    if (expected.runId !== undefined && field(value, "runId") !== expected.runId) {
        throw new ReportError(
            `${source}: runId is ${shown(field(value, "runId"))}, expected "${expected.runId}"; it belongs to another run; read the requested one`,
        );
    }
    // Checking that a document is valid takes half the time of finding its errors.
    const error = Value.Check(schema, value) ? undefined : Value.Errors(schema, value).First();
    if (error !== undefined) {
        throw new ReportError(
            `${source}: ${error.path.slice(1).replaceAll("/", ".") || "the document"} is ${shown(error.value)}, ${lowerFirst(error.message)}; it does not match schema version ${schemaVersion}; repeat the run`,
        );
    }
    return value as Static<T>;
}

/** Last commit of hopcost that wrote and reads an older schema version. */
const lastCommits: Readonly<Record<number, string>> = { 1: "2bf52e6", 2: "ec58474" };

/** Who wrote a document of another schema version, and what to do; there never was a version below 1. */
function otherVersion(version: unknown, document: unknown): string {
    const ours = `this hopcost reads schema version ${schemaVersion}`;
    if (!Number.isInteger(version) || (version as number) < 1) {
        return `schemaVersion is ${shown(version)}, so hopcost did not write it; ${ours}`;
    }
    const writer = field(document, "hopcostVersion");
    if ((version as number) > schemaVersion) {
        const by = typeof writer === "string" ? `hopcost ${writer}` : "a newer hopcost";
        return `${by} wrote it with schema version ${version}, ${ours}; update this hopcost`;
    }
    const commit = lastCommits[version as number];
    return `hopcost of commit ${commit} or earlier wrote it with schema version ${version}, ${ours}; measure again, or read it with that commit: git checkout ${commit}`;
}

function parseJson(text: string, source: string): unknown {
    try {
        return JSON.parse(text);
    } catch (cause) {
        throw new ReportError(
            `${source}: not JSON (${text.length} characters): ${messageOf(cause)}; it is truncated or was never complete; read it again or repeat the run`,
            { cause },
        );
    }
}

function field(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function shown(value: unknown): string {
    const text = JSON.stringify(value) ?? "absent";
    return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function lowerFirst(text: string): string {
    return text.charAt(0).toLowerCase() + text.slice(1);
}
