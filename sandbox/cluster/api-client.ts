import { request } from "node:https";
import { SandboxError } from "../errors.ts";
import type { Credentials } from "../node/certificates.ts";

/** An answer of the API server. */
export interface Answer {
    status: number;
    body: string;
}

const timeoutMs = 5000;

/** One request to the API server. Rejects if it can't be reached or doesn't answer within 5 s. */
export function callApi(
    { server, ...credentials }: Credentials,
    method: string,
    path: string,
    object?: unknown,
): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = { "content-type": type, connection: "close" };
    const signal = AbortSignal.timeout(timeoutMs);
    const call = request(`${server}${path}`, { ...credentials, method, headers, agent: false, signal });
    call.on("error", (error) => {
        reject(signal.aborted ? new Error(`no answer from ${server} within ${timeoutMs / 1000} s`) : error);
    });
    call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    call.end(object === undefined ? undefined : JSON.stringify(object));
    return promise;
}

/** Reads an object; undefined if there is none. */
export async function readObject<T>(credentials: Credentials, path: string): Promise<T | undefined> {
    const answer = await callApi(credentials, "GET", path);
    if (answer.status === 404) return undefined;
    return JSON.parse(expectSuccess(answer, `GET ${path}`)) as T;
}

/** Creates an object; an existing one is left unchanged. */
export async function createObject(credentials: Credentials, path: string, object: unknown): Promise<void> {
    const answer = await callApi(credentials, "POST", path, object);
    if (answer.status !== 409) expectSuccess(answer, `POST ${path}`);
}

/** Changes the fields in the patch; null removes a field (RFC 7386). */
export async function patchObject(credentials: Credentials, path: string, patch: unknown): Promise<void> {
    expectSuccess(await callApi(credentials, "PATCH", path, patch), `PATCH ${path}`);
}

/** Deletes an object, if there is one. */
export async function deleteObject(credentials: Credentials, path: string): Promise<void> {
    const answer = await callApi(credentials, "DELETE", path);
    if (answer.status !== 404) expectSuccess(answer, `DELETE ${path}`);
}

function expectSuccess({ status, body }: Answer, what: string): string {
    if (status >= 200 && status < 300) return body;
    throw new SandboxError(`the sandbox's API server answered ${what} with ${status}: ${body.slice(0, 500)}`);
}
