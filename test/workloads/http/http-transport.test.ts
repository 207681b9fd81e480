import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../../../workloads/clock.ts";
import { HttpTransport } from "../../../workloads/http/http-transport.ts";
import { OutgoingPayload } from "../../../workloads/payload.ts";

const maxSize = 32 * 2 ** 20;

describe("phases over HTTP", function () {
    this.timeout(10_000);
    const payload = new OutgoingPayload({ maxSize, payload: "repeated", seed: 0 });
    const moments = new Float64Array(2);
    let server: Server;
    let transport: HttpTransport;
    /** Answers one request on the connection. */
    let serve: (connection: Socket) => Promise<void>;

    before(async () => {
        server = createServer({ noDelay: true }, (connection) => {
            connection.on("readable", () => {});
            void (async () => {
                while (!connection.destroyed) {
                    await new Promise((resolve) => connection.once("readable", resolve));
                    await serve(connection);
                }
            })();
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = server.address();
        assert.ok(address !== null && typeof address !== "string");
        transport = new HttpTransport({ url: `http://127.0.0.1:${address.port}/upload` }, payload, 5);
        transport.moments = moments;
    });
    after(async () => {
        await transport.close();
        server.close();
    });

    const roundTrip = async (size: number) => {
        payload.open(size);
        await transport.open();
        const start = monotonicClock();
        await new Promise<void>((resolve, reject) =>
            transport.roundTrip((error) => (error === undefined ? resolve() : reject(error))),
        );
        return { start, written: moments[0] as number, answered: moments[1] as number, end: monotonicClock() };
    };
    /** Reads until this many bytes of the body have arrived. */
    const drain = async (connection: Socket, size: number) => {
        let got = 0;
        let head = -1;
        for (;;) {
            const chunk = connection.read() as Buffer | null;
            if (chunk === null) {
                await new Promise((resolve) => connection.once("readable", resolve));
                continue;
            }
            if (head < 0) head = chunk.indexOf("\r\n\r\n") + 4;
            got += chunk.length;
            if (got >= head + size) return;
        }
    };

    it("record a small request as written before it is read", async () => {
        let seen = 0;
        serve = async (connection) => {
            seen = monotonicClock();
            await drain(connection, 64);
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        };
        for (let round = 0; round < 3; round++) {
            const { start, written, answered, end } = await roundTrip(64);
            // The first one connects, so it is written later.
            assert.ok(start <= written && written <= answered && answered <= end);
            if (round > 0) assert.ok(written <= seen, `written at ${written}, seen at ${seen}`);
        }
    });

    it("record a large request as written only after the kernel accepted the last byte", async () => {
        let resumed = 0;
        let answeredAt = 0;
        serve = async (connection) => {
            await sleep(50); // far more than the buffers hold is still unsent
            resumed = monotonicClock();
            await drain(connection, maxSize);
            await sleep(20);
            answeredAt = monotonicClock();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        };
        for (let round = 0; round < 2; round++) {
            const { written, answered, end } = await roundTrip(maxSize);
            assert.ok(written > resumed, "written before it was read");
            assert.ok(written < answeredAt && answeredAt <= answered && answered <= end);
        }
    });

    it("end the wait at the answer's head, not at its end", async () => {
        let between = 0;
        serve = async (connection) => {
            await drain(connection, 64);
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n");
            await sleep(20);
            between = monotonicClock();
            connection.write("x");
        };
        const { answered, end } = await roundTrip(64);
        assert.ok(answered < between && between < end);
    });

    it("are not recorded without moments", async () => {
        serve = async (connection) => {
            await drain(connection, 64);
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        };
        transport.moments = undefined;
        moments.fill(-1);
        await roundTrip(64);
        assert.deepEqual([...moments], [-1, -1]);
    });
});
