import Fastify, { type FastifyInstance } from "fastify";
import type { IncomingPayload } from "../payload.ts";

/**
 * `POST /upload`: 200 once every byte of the body is in the payload's buffer.
 * Connections live as long as the trial, so neither time-outs nor their headers are needed; the date would be made
 * anew every second. Logging would be part of the measured hop.
 */
export function uploadApp(payload: IncomingPayload, maxSize: number): FastifyInstance {
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
        let length = 0;
        payload.length = -1;
        body.on("data", (chunk: Buffer) => {
            if (length + chunk.length <= maxSize) payload.buffer.set(chunk, length);
            length += chunk.length;
        });
        body.on("end", () => {
            if (length > maxSize) return done(tooLarge(length, maxSize));
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

function tooLarge(length: number, maxSize: number): Error {
    return Object.assign(new Error(`body is ${length} B, expected at most ${maxSize} B (the trial's maxSize)`), {
        statusCode: 413,
    });
}
