import type { Socket } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import type { IncomingPayload } from "../payload.ts";

/**
 * `POST /upload`: 200 once every byte of the body is in the payload's buffer. Connections last for the whole trial, so
 * neither time-outs nor their headers are needed; the date header would be rebuilt every second. Logging would be part
 * of the measured hop.
 * @param payloadOf buffer for the bodies of a connection
 */
export function uploadApp(payloadOf: (connection: Socket) => IncomingPayload, maxSize: number): FastifyInstance {
    const app = Fastify({
        logger: false,
        keepAliveTimeout: 0,
        requestTimeout: 0,
        bodyLimit: maxSize,
        exposeHeadRoutes: false,
        genReqId: () => "",
        forceCloseConnections: true,
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, body, done) => {
        const payload = payloadOf(body.socket);
        const { buffer } = payload;
        let length = 0;
        payload.length = -1;
        body.on("data", (chunk: Buffer) => {
            if (length + chunk.length < buffer.length) buffer.set(chunk, length);
            length += chunk.length;
        });
        body.on("end", () => {
            if (length >= buffer.length) return done(tooLarge(length, buffer.length - 1));
            payload.length = length;
            done(null);
        });
        body.on("error", done);
    });
    app.post("/upload", (_request, reply) => {
        reply.raw.sendDate = false;
        reply.send();
    });
    return app;
}

function tooLarge(length: number, room: number): Error {
    return Object.assign(new Error(`body is ${length} B, expected at most ${room} B (the prepared size)`), {
        statusCode: 413,
    });
}
