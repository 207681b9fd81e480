import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Dispatcher, EnvHttpProxyAgent, interceptors, request } from "undici";
import { reasonOf, SandboxError } from "../errors.ts";

/** When a download is given up, in milliseconds. */
export interface Limits {
    /** Without a connection. */
    connectMs: number;
    /** Without another byte. */
    stallMs: number;
}

/** Long enough for any working network: what can't be downloaded is built, which takes minutes. */
export const usualLimits: Limits = { connectMs: 5000, stallMs: 15_000 };

/** Largest text that is read, in bytes: lists of checksums have a few kilobytes. */
const maxTextBytes = 1 << 20;
const maxRedirects = 5;

/** Is kept informed of a file that arrives. */
export interface Progress {
    /** Called once, first. @param bytes size of the file; 0 if the server doesn't state it */
    expect: (bytes: number) => void;
    /** @param bytes that have just arrived */
    receive: (bytes: number) => void;
}

/** Downloads with common limits, through the proxy that HTTPS_PROXY and the like name. Close it after use. */
export class Downloads {
    readonly #limits: Limits;
    readonly #agent: EnvHttpProxyAgent;
    readonly #dispatcher: Dispatcher;
    /** Of the first request to each host: why it was not answered; undefined if it was. */
    readonly #firsts = new Map<string, Promise<unknown>>();

    constructor(limits: Limits = usualLimits) {
        this.#limits = limits;
        this.#agent = new EnvHttpProxyAgent({
            connectTimeout: limits.connectMs,
            headersTimeout: limits.stallMs,
            bodyTimeout: limits.stallMs,
            // A connection per file: none waits for another.
            allowH2: false,
        });
        this.#dispatcher = this.#agent.compose(interceptors.redirect({ maxRedirections: maxRedirects }));
    }

    /**
     * A short text.
     * @param accept content type to ask for @default any
     * @throws SandboxError that says why there is none
     */
    async text(url: string, signal: AbortSignal, accept = "*/*"): Promise<string> {
        return await this.#reading(url, signal, accept, async ({ body }) => {
            const chunks: Buffer[] = [];
            let bytes = 0;
            for await (const chunk of body) {
                bytes += chunk.length;
                if (bytes > maxTextBytes) throw new SandboxError(`${url} has more than ${maxTextBytes} bytes`);
                chunks.push(chunk);
            }
            return Buffer.concat(chunks).toString();
        });
    }

    /**
     * A file, complete and checked when this returns.
     * @param sha256 its published checksum, 64 hex digits
     * @throws SandboxError that says why there is none, or that it is not the published file; then `path` must not be used
     */
    async file(url: string, path: string, sha256: string, signal: AbortSignal, progress: Progress): Promise<void> {
        const hash = createHash("sha256");
        await this.#reading(url, signal, "*/*", async ({ headers, body }) => {
            progress.expect(Number(headers["content-length"] ?? 0));
            const watched = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
                for await (const chunk of chunks) {
                    hash.update(chunk);
                    progress.receive(chunk.length);
                    yield chunk;
                }
            };
            await pipeline(body, watched, createWriteStream(path));
        });
        const found = hash.digest("hex");
        if (found !== sha256) {
            throw new SandboxError(
                `${url} has the SHA-256 ${found.slice(0, 12)}..., not the published ${sha256.slice(0, 12)}...`,
            );
        }
    }

    /** Ends all connections. */
    async close(): Promise<void> {
        await this.#agent.destroy();
    }

    async #reading<T>(
        url: string,
        signal: AbortSignal,
        accept: string,
        read: (response: Dispatcher.ResponseData) => Promise<T>,
    ): Promise<T> {
        try {
            const response = await this.#response(url, signal, accept);
            if (response.statusCode !== 200) {
                response.body.on("error", () => {}).destroy();
                throw new SandboxError(`${url} answers ${response.statusCode}`);
            }
            return await read(response);
        } catch (error) {
            if (error instanceof SandboxError) throw error;
            throw new SandboxError(this.#reasonOf(error, new URL(url).host), { cause: error });
        }
    }

    /**
     * Other requests to a host wait for the first one, and fail with it. So an unreachable host costs one wait, and a name server
     * that doesn't answer occupies one of Node's four threads for that, not all.
     */
    async #response(url: string, signal: AbortSignal, accept: string): Promise<Dispatcher.ResponseData> {
        const { host } = new URL(url);
        const send = () => request(url, { dispatcher: this.#dispatcher, signal, headers: { accept } });
        const first = this.#firsts.get(host);
        if (first === undefined) {
            const response = send();
            const failure = response.then(
                () => undefined,
                (error) => (signal.aborted ? undefined : error),
            );
            this.#firsts.set(host, failure);
            return await response;
        }
        const failure = await first;
        if (failure !== undefined) throw failure;
        return await send();
    }

    #reasonOf(error: unknown, host: string): string {
        const code = (error as NodeJS.ErrnoException).code ?? "";
        if (code === "UND_ERR_CONNECT_TIMEOUT") return `no connection to ${host} in ${this.#limits.connectMs / 1000} s`;
        if (["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"].includes(code))
            return `nothing from ${host} for ${this.#limits.stallMs / 1000} s`;
        if (code === "UND_ERR_SOCKET") return `${host} ended the connection`;
        // The system's codes say it all, and a host with several addresses has no text beside them.
        return `${host}: ${/^E[A-Z_]+$/.test(code) ? code : reasonOf(error)}`;
    }
}
