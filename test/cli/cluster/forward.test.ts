import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Forwarding, forward } from "../../../cli/cluster/forward.ts";

describe("forward", () => {
    const open: (() => void)[] = [];
    afterEach(() => {
        for (const close of open.splice(0)) close();
    });

    async function listening(server: Server): Promise<number> {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        open.push(() => server.close());
        return (server.address() as AddressInfo).port;
    }
    /** A web server that answers with its name, on its own port. */
    const named = (name: string) =>
        listening(createHttpServer((_request, response) => response.setHeader("connection", "close").end(name)));
    /** Joins with what listens on a port, as a Pod's port would be. */
    const to = (port: () => number) => async (socket: Socket) => {
        const other = connect(port(), "127.0.0.1");
        await once(other, "connect");
        socket.pipe(other).pipe(socket);
    };
    async function forwarding(...args: Parameters<typeof forward>): Promise<Forwarding> {
        const made = await forward(...args);
        open.push(made.close);
        return made;
    }
    const never = (reason: string) => assert.fail(reason);

    it("takes the preferred port, and a free one where that is taken", async () => {
        const free = createServer();
        const port = await listening(free);
        const target = await named("here");
        const second = await forwarding(
            port,
            to(() => target),
            never,
        );
        assert.match(second.url, /^http:\/\/127\.0\.0\.1:\d+$/);
        assert.notEqual(second.url, `http://127.0.0.1:${port}`);
        assert.equal(await (await fetch(second.url)).text(), "here");
        free.close();
        await once(free, "close");
        assert.equal(
            (
                await forwarding(
                    port,
                    to(() => target),
                    never,
                )
            ).url,
            `http://127.0.0.1:${port}`,
        );
    });

    it("joins each connection anew, so that the next one finds what replaced the other end", async () => {
        const ports = [await named("first"), await named("second")];
        const { url } = await forwarding(
            0,
            to(() => ports.shift() as number),
            never,
        );
        assert.equal(await (await fetch(url)).text(), "first");
        assert.equal(await (await fetch(url)).text(), "second");
    });

    it("ends a connection that can't be joined, and reports each reason once until one succeeds", async () => {
        const target = await named("back");
        let reason: string | undefined = "no Pod serves";
        const said: string[] = [];
        const join = async (socket: Socket) => {
            if (reason !== undefined) throw new Error(reason);
            await to(() => target)(socket);
        };
        const { url } = await forwarding(0, join, (text) => said.push(text));
        const failing = async () => await assert.rejects(fetch(url), TypeError);
        await failing();
        await failing();
        reason = "Pod a is not ready";
        await failing();
        reason = undefined;
        assert.equal(await (await fetch(url)).text(), "back");
        reason = "Pod a is not ready";
        await failing();
        assert.deepEqual(said, ["no Pod serves", "Pod a is not ready", "Pod a is not ready"]);
    });

    it("reports why the other end refused", async () => {
        const said: string[] = [];
        const join = async (socket: Socket) => void setImmediate(() => socket.destroy(new Error("connection refused")));
        const { url } = await forwarding(0, join, (text) => said.push(text));
        await assert.rejects(fetch(url), TypeError);
        assert.deepEqual(said, ["connection refused"]);
    });

    it("does not mind a browser that drops its connection", async () => {
        const said: string[] = [];
        const joined: Socket[] = [];
        const { url } = await forwarding(
            0,
            async (socket) => void joined.push(socket.resume()),
            (text) => said.push(text),
        );
        const browser = connect(Number(new URL(url).port), "127.0.0.1");
        await once(browser, "connect");
        while (joined.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        const ended = once(joined[0] as Socket, "close").catch(() => undefined);
        browser.resetAndDestroy();
        await ended;
        assert.deepEqual(said, []);
    });

    it("ends what is open when it is closed", async () => {
        const made = await forwarding(0, async () => undefined, never);
        const browser = connect(Number(new URL(made.url).port), "127.0.0.1").resume();
        await once(browser, "connect");
        made.close();
        await once(browser, "close");
        await assert.rejects(fetch(made.url), TypeError);
    });
});
