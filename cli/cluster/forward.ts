import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { reasonOf } from "./cluster.ts";

/** A port on this machine's loopback that forwards to something else. */
export interface Forwarding {
    /** e.g. `http://127.0.0.1:9090` */
    url: string;
    /** Stops listening and ends every connection. */
    close(): void;
}

/**
 * Listens on loopback and joins every connection with something else.
 * @param preferred port to listen on; if it is taken, a free one is used
 * @param join ends the connection when its other end is gone; if it fails, destroys the connection with an error or rejects
 * @param say gets the reason of a failed connection, once until a connection succeeds or the reason changes
 */
export async function forward(
    preferred: number,
    join: (socket: Socket) => Promise<void>,
    say: (reason: string) => void,
): Promise<Forwarding> {
    const sockets = new Set<Socket>();
    let said = "";
    const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", ({ message, code }: NodeJS.ErrnoException) => {
            if (code !== undefined || message === said) return; // with a code: the browser dropped its connection
            said = message;
            say(message);
        });
        join(socket).then(
            () => {
                said = "";
            },
            (error: unknown) => socket.destroy(new Error(reasonOf(error))),
        );
    });
    const port = await listen(server, preferred);
    const close = () => {
        server.close();
        for (const socket of sockets) socket.destroy();
    };
    return { url: `http://127.0.0.1:${port}`, close };
}

/** @returns the port: the preferred one, or a free one if that is taken */
async function listen(server: Server, preferred: number): Promise<number> {
    for (const port of [preferred, 0]) {
        server.listen(port, "127.0.0.1");
        try {
            await once(server, "listening");
            break;
        } catch (error) {
            if (port === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
        }
    }
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a server on a port has a port");
    return address.port;
}
