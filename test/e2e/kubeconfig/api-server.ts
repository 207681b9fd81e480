import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";

/** What a client sent with one request. */
export interface Seen {
    scheme: string;
    path: string;
    authorization: string | undefined;
    /** Each header with its values, by name. */
    impersonation: Record<string, string[]>;
    /** Common name of the client's certificate. */
    certificate: string | undefined;
    /** The name that the client asked for in TLS, if it is not an address. */
    serverName: string | undefined;
    viaProxy: boolean;
}

/** A name that only the proxy can resolve. */
export const hiddenHost = "api.hopcost.test";

/** Certificates made by openssl: `ca.crt`, `server.crt`, `client.crt` with keys, and `other-ca.crt`, which signed nothing. */
export function makeCertificates(folder: string): void {
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
    for (const name of ["ca", "other-ca"]) {
        openssl("req", "-x509", ...key, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.crt`);
    }
    writeFileSync(join(folder, "server.ext"), `subjectAltName=IP:127.0.0.1,DNS:${hiddenHost},DNS:other.hopcost.test\n`);
    for (const name of ["server", "client"]) {
        openssl("req", "-new", ...key.slice(0, -2), "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", "csr");
        const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1"];
        const names = name === "server" ? ["-extfile", "server.ext"] : [];
        openssl("x509", "-req", "-in", "csr", ...signed, ...names, "-out", `${name}.crt`);
    }
}

/** An API server that knows its version and remembers who asked, with and without TLS, and a proxy in front of it. */
export class RecordingServer {
    readonly seen: Seen[] = [];
    readonly #proxied = new Set<number>();
    readonly #tls: ReturnType<typeof createTlsServer>;
    readonly #plain = createServer((request, response) => this.#answer(request, response));
    readonly #proxy = createServer((_request, response) => response.writeHead(405).end());

    /** @param folder with the certificates */
    constructor(folder: string) {
        const file = (name: string) => readFileSync(join(folder, name));
        const options = { cert: file("server.crt"), key: file("server.key"), ca: file("ca.crt") };
        this.#tls = createTlsServer({ ...options, requestCert: true, rejectUnauthorized: false }, (request, response) =>
            this.#answer(request, response),
        );
        this.#proxy.on("connect", (_request: IncomingMessage, client: Socket) => {
            const server = connect(this.port, "127.0.0.1", () => {
                this.#proxied.add(server.localPort ?? 0);
                client.write("HTTP/1.1 200 OK\r\n\r\n");
                server.pipe(client).pipe(server);
            });
            for (const socket of [client, server]) socket.on("error", () => {});
        });
    }

    async start(): Promise<void> {
        for (const server of [this.#tls, this.#plain, this.#proxy]) {
            await once(server.listen(0, "127.0.0.1"), "listening");
        }
    }

    stop(): void {
        for (const server of [this.#tls, this.#plain, this.#proxy]) {
            server.close();
            server.closeAllConnections();
        }
    }

    get port(): number {
        return (this.#tls.address() as AddressInfo).port;
    }

    get plainPort(): number {
        return (this.#plain.address() as AddressInfo).port;
    }

    get proxyPort(): number {
        return (this.#proxy.address() as AddressInfo).port;
    }

    #answer(request: IncomingMessage, response: ServerResponse): void {
        const socket = request.socket as TLSSocket;
        const impersonation: Record<string, string[]> = {};
        for (const [index, name] of request.rawHeaders.entries()) {
            if (index % 2 === 1 || !name.toLowerCase().startsWith("impersonate-")) continue;
            const header = name.toLowerCase();
            impersonation[header] = [...(impersonation[header] ?? []), request.rawHeaders[index + 1] ?? ""];
        }
        this.seen.push({
            scheme: socket.encrypted ? "https" : "http",
            path: request.url?.replace(/\/$/, "") ?? "",
            authorization: request.headers.authorization,
            impersonation,
            certificate: socket.getPeerCertificate?.().subject?.CN as string | undefined,
            serverName: (socket.servername as string | false | undefined) || undefined,
            viaProxy: this.#proxied.has(socket.remotePort ?? -1),
        });
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ major: "1", minor: "36", gitVersion: "v1.36.4" }));
    }
}
