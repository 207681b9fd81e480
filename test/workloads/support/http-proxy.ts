import type { AddressInfo } from "node:net";
import { connect, createServer, type Server } from "node:net";

/** What becomes of a request's body. */
export type Mangle = (body: Buffer) => Buffer;

/** A proxy on the way to the receiver; keeps content-length true to what it forwards, as a broken middlebox would. */
export class HttpProxy {
    mangle: Mangle = (body) => body;
    readonly #server: Server;

    constructor(receiverPort: number) {
        this.#server = createServer((client) => {
            const receiver = connect(receiverPort, "127.0.0.1");
            receiver.setNoDelay();
            client.setNoDelay();
            receiver.pipe(client);
            receiver.on("close", () => client.destroy());
            for (const socket of [client, receiver]) socket.on("error", () => {});
            client.on("close", () => receiver.destroy());
            let waiting: Buffer = Buffer.alloc(0);
            client.on("data", (chunk) => {
                waiting = Buffer.concat([waiting, chunk]);
                const end = waiting.indexOf("\r\n\r\n");
                if (end < 0) return;
                const head = waiting.subarray(0, end + 4).toString("latin1");
                const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
                if (waiting.length < end + 4 + length) return;
                const body = this.mangle(Buffer.from(waiting.subarray(end + 4, end + 4 + length)));
                const newHead = head.replace(/content-length: \d+/i, `content-length: ${body.length}`);
                receiver.write(Buffer.concat([Buffer.from(newHead, "latin1"), body]));
                waiting = waiting.subarray(end + 4 + length);
            });
        });
    }

    /** URL to upload to. */
    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/upload`;
    }

    stop(): void {
        this.#server.close();
    }
}
