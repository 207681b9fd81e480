import type { Socket } from "node:net";
import type { FastifyListenOptions } from "fastify";
import { IncomingPayload } from "../payload.ts";
import type { Responder } from "../responder.ts";
import { uploadApp } from "./upload-app.ts";

/**
 * Serves `POST /upload` on a port or a socket file. A lane is a connection, whose buffer is allocated at its first
 * request.
 */
export async function httpResponder(maxSize: number, where: FastifyListenOptions): Promise<Responder> {
    const connections = new Map<Socket, IncomingPayload>();
    // Many lanes, each with room for the trial's largest payload, could exceed the container's memory.
    let largest = maxSize;
    const add = (connection: Socket) => {
        const payload = new IncomingPayload(largest);
        connections.set(connection, payload);
        connection.once("close", () => connections.delete(connection));
        return payload;
    };
    const app = uploadApp((connection) => connections.get(connection) ?? add(connection), maxSize);
    await app.listen(where);
    return {
        prepare: async ({ size, concurrency }) => {
            largest = concurrency === 1 ? maxSize : size;
            for (const payload of connections.values()) payload.open(size);
        },
        payloads: () => connections.values(),
        close: () => app.close(),
    };
}
