import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { monotonicClock } from "../../../workloads/clock.ts";
import { HttpCourier } from "../../../workloads/scenario/http-courier.ts";
import { type Delivery, Load } from "../../../workloads/scenario/load.ts";
import { readMessage } from "../../../workloads/scenario/message.ts";
import { freePort } from "../support/processes.ts";

/** What the server does with a request. */
type Answer = (sequence: number, attempt: number, reply: (text: string) => void, socket: Socket) => void;
const ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

describe("messages over HTTP", function () {
    this.timeout(30_000);
    let server: Server | undefined;
    let load: Load<HttpCourier> | undefined;
    const sockets = new Set<Socket>();
    /** Of each request, the connection it came by, counted from 1. */
    let requests: { sequence: number; connection: number }[] = [];
    let [connections, open, mostOpen] = [0, 0, 0];
    beforeEach(() => {
        requests = [];
        [connections, open, mostOpen] = [0, 0, 0];
    });
    afterEach(async () => {
        await load?.courier.close();
        for (const socket of sockets) socket.destroy();
        sockets.clear();
        await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
        server = undefined;
    });

    async function serve(port: number, answer: Answer): Promise<void> {
        server = createServer((socket) => {
            sockets.add(socket);
            const connection = ++connections;
            mostOpen = Math.max(mostOpen, ++open);
            socket.on("error", () => {});
            socket.on("close", () => {
                open -= 1;
            });
            let received = Buffer.alloc(0);
            socket.on("data", (chunk) => {
                received = Buffer.concat([received, chunk]);
                const bodyAt = received.indexOf("\r\n\r\n") + 4;
                if (bodyAt < 4 || received.length < bodyAt + 64) return;
                const message = readMessage(received.subarray(bodyAt, bodyAt + 64));
                received = Buffer.alloc(0);
                assert.ok(message?.isIntact);
                requests.push({ sequence: message.sequence, connection });
                const attempt = requests.filter(({ sequence }) => sequence === message.sequence).length;
                answer(message.sequence, attempt, (text) => socket.write(text), socket);
            });
        });
        await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
    }

    function offer(port: number, delivery: Delivery, slots: number, isFresh = false, ratePerSecond = 100) {
        const url = new URL(`http://127.0.0.1:${port}/upload/once`);
        const http = { url, payloadBytes: 64, connectSeconds: 1, isFresh, slots };
        const settings = { ratePerSecond, slots, delivery, attemptSeconds: 0.5 };
        const next = new Load(
            settings,
            (of) => new HttpCourier(http, of),
            monotonicClock,
            (ms, then) => setTimeout(then, ms),
        );
        load = next;
        return { load: next, done: next.run(monotonicClock()) };
    }
    const kinds = (of: Load, slots: number) => Array.from({ length: slots }, (_, sequence) => of.sent(sequence).kind);

    it("go over one connection, in order, if it is kept", async () => {
        const port = await freePort();
        await serve(port, (_sequence, _attempt, reply) => reply(ok));
        const { load, done } = offer(port, "once", 100);
        await done;
        assert.deepEqual(new Set(kinds(load, 100)), new Set(["acknowledged"]));
        assert.equal(connections, 1);
        assert.deepEqual(
            requests.map(({ sequence }) => sequence),
            Array.from({ length: 100 }, (_, sequence) => sequence),
        );
    });

    it("have a connection each if it is fresh, but not all at once", async () => {
        const port = await freePort();
        await serve(port, (_sequence, _attempt, reply, socket) =>
            setTimeout(() => {
                reply(ok.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
                socket.end();
            }, 50),
        );
        const { load, done } = offer(port, "once", 200, true, 2000);
        await done;
        assert.deepEqual(new Set(kinds(load, 200)), new Set(["acknowledged"]));
        assert.equal(connections, 200);
        // The server sees the end of a connection a moment later than the client, which has a new one by then.
        assert.ok(mostOpen > 10 && mostOpen < 80, `${mostOpen}`);
    });

    it("are in doubt if they have no answer in time; those that wait behind were certainly not sent", async () => {
        const port = await freePort();
        await serve(port, (sequence, _attempt, reply) => {
            if (sequence !== 10) reply(ok);
        });
        const { load, done } = offer(port, "once", 200);
        await done;
        const all = kinds(load, 200);
        assert.equal(all[9], "acknowledged");
        assert.equal(all[10], "unanswered");
        assert.equal(all[199], "acknowledged", "after a new connection");
        assert.equal(connections, 2);
        for (const [sequence, kind] of all.entries()) {
            if (sequence === 10) continue;
            const wasSent = requests.some((request) => request.sequence === sequence);
            assert.equal(kind, wasSent ? "acknowledged" : "failed", `${sequence}`);
        }
    });

    it("fail for certain if nobody listens, and arrive by a later attempt", async () => {
        const port = await freePort();
        const { load, done } = offer(port, "retry", 50);
        await new Promise((resolve) => setTimeout(resolve, 400));
        assert.deepEqual(requests, []);
        await serve(port, (_sequence, _attempt, reply) => reply(ok));
        await done;
        assert.deepEqual(new Set(kinds(load, 50)), new Set(["acknowledged"]));
        assert.ok(load.attempts(0) >= 3 && load.attempts(0) <= 6, `${load.attempts(0)}`);
        assert.equal(requests.length, 50);
        await load.courier.close();
        const once = offer(await freePort(), "once", 20);
        await once.done;
        assert.deepEqual(new Set(kinds(once.load, 20)), new Set(["failed"]));
    });

    it("fail for certain by another status, and are in doubt if the connection ends first", async () => {
        const port = await freePort();
        await serve(port, (sequence, _attempt, reply, socket) => {
            if (sequence === 3) reply("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
            else if (sequence === 5) socket.resetAndDestroy();
            else if (sequence === 7) socket.end();
            else reply(ok);
        });
        const { load, done } = offer(port, "once", 10, false, 20);
        await done;
        const expected = Array.from({ length: 10 }, () => "acknowledged");
        [expected[3], expected[5], expected[7]] = ["failed", "unanswered", "unanswered"];
        assert.deepEqual(kinds(load, 10), expected);
    });

    it("are sent again if there was no answer, which the server sees", async () => {
        const port = await freePort();
        await serve(port, (sequence, attempt, reply) => {
            if (sequence !== 4 || attempt > 1) reply(ok);
        });
        const { load, done } = offer(port, "retry", 10);
        await done;
        assert.deepEqual(new Set(kinds(load, 10)), new Set(["acknowledged"]));
        assert.equal(requests.filter(({ sequence }) => sequence === 4).length, 2);
    });
});
