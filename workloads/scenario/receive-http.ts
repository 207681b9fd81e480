import { Server } from "node:net";
import Fastify, { type FastifyListenOptions } from "fastify";
import type { Recorder } from "./ledger.ts";
import { readMessage } from "./message.ts";

/** Largest message, in bytes. */
const largest = 64 * 2 ** 20;
/** While the receiver drains: how long connections stay open between two requests, and how long at most, in ms. */
const [idleMs, mostMs] = [1000, 5000];

/** The receiver's end of all flows. */
export interface HttpReceiver {
    /** Stops listening, answers what comes by the open connections with `connection: close`, until there is none. */
    drain(): Promise<void>;
    close(): Promise<void>;
}

/**
 * Serves `POST /upload/FLOW`: 200 once the message is in the flow's ledger, 400 if it isn't intact.
 * @param recorders by flow
 */
export async function receiveHttp(
    recorders: ReadonlyMap<string, Recorder>,
    where: FastifyListenOptions,
): Promise<HttpReceiver> {
    let isDraining = false;
    const app = Fastify({
        logger: false,
        keepAliveTimeout: 0,
        requestTimeout: 0,
        bodyLimit: largest,
        exposeHeadRoutes: false,
        genReqId: () => "",
        forceCloseConnections: true,
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    app.post<{ Params: { flow: string }; Body: Buffer | undefined }>("/upload/:flow", (request, reply) => {
        if (isDraining) reply.header("connection", "close");
        const recorder = recorders.get(request.params.flow);
        if (recorder === undefined) return reply.code(404).send("there is no such flow");
        const message = readMessage(request.body ?? Buffer.alloc(0));
        if (message === undefined) return reply.code(400).send("the message has no sequence number");
        try {
            recorder.record(message.sequence, message.isIntact);
        } catch (error) {
            if (error instanceof RangeError) return reply.code(400).send(error.message);
            throw error;
        }
        return reply.code(message.isIntact ? 200 : 400).send();
    });
    await app.listen(where);
    return {
        async drain() {
            isDraining = true;
            // Without what http.Server adds: it would close connections between two requests, of which the next could already be
            // on its way.
            const closed = new Promise<void>((resolve) => {
                Server.prototype.close.call(app.server, () => resolve());
            });
            setTimeout(() => app.server.closeIdleConnections(), idleMs);
            setTimeout(() => app.server.closeAllConnections(), mostMs); // such as one that has never sent anything
            await closed;
        },
        close: () => app.close(),
    };
}
