import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server } from "node:net";

/** Changes a request's body. */
export type Mangle = (body: Buffer) => Buffer;

/** A proxy in front of an upload port; sets content-length to what it forwards, like a broken middlebox. */
export class HttpProxy {
    mangle: Mangle = (body) => body;
    readonly #server: Server;

    /** @param target port on this host, or socket file */
    constructor(target: number | string) {
        const options: NetConnectOpts =
            typeof target === "number" ? { port: target, host: "127.0.0.1", noDelay: true } : { path: target };
        this.#server = createServer({ noDelay: true }, (client) => {
            const responder = connect(options);
            responder.pipe(client);
            responder.on("close", () => client.destroy());
            for (const socket of [client, responder]) socket.on("error", () => {});
            client.on("close", () => responder.destroy());
            let waiting: Buffer[] = [];
            client.on("data", (chunk: Buffer) => {
                waiting.push(chunk);
                const request = this.#whole(waiting);
                if (request === undefined) return;
                waiting = [];
                const body = this.mangle(request.body);
                const head = request.head.replace(/content-length: \d+/i, `content-length: ${body.length}`);
                responder.write(Buffer.concat([Buffer.from(head, "latin1"), body]));
            });
        });
    }

    /** Forwards the request once it is complete; a client has one in flight. */
    #whole(chunks: Buffer[]): { head: string; body: Buffer } | undefined {
        const first = chunks[0] as Buffer;
        const start = first.includes("\r\n\r\n") ? first : Buffer.concat(chunks);
        const end = start.indexOf("\r\n\r\n") + 4;
        if (end < 4) return undefined;
        const head = start.subarray(0, end).toString("latin1");
        const length = end + Number(/content-length: (\d+)/i.exec(head)?.[1]);
        if (chunks.reduce((sum, { length }) => sum + length, 0) < length) return undefined;
        return { head, body: Buffer.from(Buffer.concat(chunks).subarray(end, length)) };
    }

    /** @param path socket file to listen at, instead of a free port. @returns the port */
    async start(path?: string): Promise<number> {
        await new Promise<void>((resolve) =>
            path === undefined ? this.#server.listen(0, "127.0.0.1", resolve) : this.#server.listen(path, resolve),
        );
        const address = this.#server.address();
        return typeof address === "string" ? 0 : (address as AddressInfo).port;
    }

    stop(): void {
        this.#server.close();
    }
}
