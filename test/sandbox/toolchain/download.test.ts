import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, get as getOverHttp } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { Downloads, usualLimits } from "../../../sandbox/toolchain/download.ts";
import { folderPerTest } from "../folder.ts";
import { StandIn } from "./stand-in.ts";

describe("a download", () => {
    const folder = folderPerTest();
    const content = "the released program ".repeat(10_000);
    const sum = createHash("sha256").update(content).digest("hex");
    const goesOn = new AbortController().signal;
    let server: StandIn;
    let downloads: Downloads;
    beforeEach(async () => {
        server = new StandIn();
        await server.start();
        downloads = new Downloads({ connectMs: 300, stallMs: 300 });
    });
    afterEach(async () => {
        server.stop();
        await downloads.close();
    });

    const original = "https://one.example/program";
    const url = () => `${server.address}/one.example/program`;
    const path = () => join(folder(), "program");
    const counted = { expected: 0, received: 0 };
    const progress = {
        expect: (bytes: number) => {
            counted.expected = bytes;
            counted.received = 0;
        },
        receive: (bytes: number) => {
            counted.received += bytes;
        },
    };
    const get = (from = url(), sha256 = sum) => downloads.file(from, path(), sha256, goesOn, progress);
    const reasonFor = async (work: Promise<unknown>): Promise<string> => {
        const error = await work.then(
            () => assert.fail("it succeeded"),
            (reason: Error) => reason,
        );
        assert.equal(error.name, "SandboxError", error.stack);
        return error.message.replaceAll(/127\.0\.0\.1:\d+/g, "HOST").replaceAll(/[0-9a-f]{12}\.\.\./g, "SUM");
    };

    it("gives up after 5 s without a connection, and after 15 s without progress", () => {
        assert.deepEqual(usualLimits, { connectMs: 5000, stallMs: 15_000 });
    });

    it("brings the whole file and reports its progress", async () => {
        server.answer(original, (_request, response) => {
            response.setHeader("content-length", content.length);
            response.end(content);
        });
        await get();
        assert.equal(readFileSync(path(), "utf8"), content);
        assert.deepEqual(counted, { expected: content.length, received: content.length });
    });

    it("follows redirects to another server, as those of GitHub and dl.k8s.io", async () => {
        const other = new StandIn();
        await other.start();
        try {
            other.serve("https://cdn.example/abc", content);
            server.answer(original, (_request, response) => {
                response.writeHead(302, { location: `${other.address}/cdn.example/abc` }).end();
            });
            await get();
            assert.equal(readFileSync(path(), "utf8"), content);
        } finally {
            other.stop();
        }
    });

    it("of a file that is not the published one fails", async () => {
        server.serve(original, content.replace("released", "modified"));
        assert.equal(
            await reasonFor(get()),
            "http://HOST/one.example/program has the SHA-256 SUM, not the published SUM",
        );
    });

    it("of a truncated file fails, with or without a stated length", async () => {
        server.answer(original, (_request, response) => {
            response.setHeader("content-length", content.length);
            response.write(content.slice(0, 50_000), () => response.destroy());
        });
        assert.equal(await reasonFor(get()), "HOST ended the connection");
        server.answer(original, (_request, response) => void response.end(content.slice(0, 50_000)));
        assert.match(await reasonFor(get()), /not the published SUM$/);
    });

    it("of a missing file names the address", async () => {
        assert.equal(await reasonFor(get()), "http://HOST/one.example/program answers 404");
    });

    it("fails if nothing arrives for too long, before or within the file", async () => {
        server.answer(original, () => {});
        assert.equal(await reasonFor(get()), "nothing from HOST for 0.3 s");
        server.answer(original, (_request, response) => void response.write(content.slice(0, 50_000)));
        assert.equal(await reasonFor(get()), "nothing from HOST for 0.3 s");
    });

    it("asks a host that doesn't answer only once, for all files", async () => {
        server.answer(original, () => {});
        const reasons = await Promise.all([
            reasonFor(get()),
            reasonFor(get()),
            reasonFor(downloads.text(url(), goesOn)),
        ]);
        assert.deepEqual(new Set(reasons), new Set(["nothing from HOST for 0.3 s"]));
        assert.equal(server.requests.length, 1);
    });

    it("goes on if the first one from its host was called off", async () => {
        server.answer(original, () => {});
        server.serve("https://one.example/other", content);
        const calledOff = new AbortController();
        const first = reasonFor(downloads.text(url(), calledOff.signal));
        const second = get(`${server.address}/one.example/other`);
        calledOff.abort();
        await first;
        await second;
        assert.equal(readFileSync(path(), "utf8"), content);
    });

    it("takes as long as it needs while something arrives", async () => {
        server.answer(original, (_request, response) => {
            let sent = 0;
            const timer = setInterval(() => {
                response.write(content.slice(sent, sent + 30_000));
                sent += 30_000;
                if (sent < content.length) return;
                clearInterval(timer);
                response.end();
            }, 300);
        });
        const patient = new Downloads({ connectMs: 1500, stallMs: 1500 });
        await patient.file(url(), path(), sum, goesOn, progress);
        await patient.close();
        assert.equal(readFileSync(path(), "utf8"), content);
    });

    it("fails at once if the server refuses the connection, or has no address", async () => {
        const closed = url();
        server.stop();
        assert.equal(await reasonFor(get(closed)), "HOST: ECONNREFUSED");
        // RFC 2606 reserves the name; what the resolver answers, and when, depends on the machine.
        const nowhere = await reasonFor(get("http://nowhere.invalid/program"));
        assert.match(nowhere, /^(nowhere\.invalid: E[A-Z_]+|no connection to nowhere\.invalid in 0\.3 s)$/);
    });

    describe("from a server that doesn't accept connections", () => {
        let silent: ChildProcess;
        const waiting: Socket[] = [];
        afterEach(() => {
            for (const socket of waiting) socket.destroy();
            silent.kill("SIGKILL");
        });

        it("fails after the time for that", async () => {
            const listen = `const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));`;
            silent = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
            const [chunk] = (await once(silent.stdout ?? assert.fail(), "data")) as [Buffer];
            const port = Number(chunk.toString());
            silent.kill("SIGSTOP");
            // The kernel completes connections until the backlog is full; further ones get no answer.
            for (let count = 0; count < 4; count++) waiting.push(connect(port, "127.0.0.1").on("error", () => {}));
            await new Promise((resolve) => setTimeout(resolve, 200));
            assert.equal(await reasonFor(get(`http://127.0.0.1:${port}/program`)), "no connection to HOST in 0.3 s");
        });
    });

    describe("through a proxy", () => {
        const before = { ...process.env };
        const names = ["http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"];
        afterEach(() => {
            for (const name of names) {
                if (before[name] === undefined) delete process.env[name];
                else process.env[name] = before[name];
            }
        });
        const through = async (proxy: string): Promise<Downloads> => {
            await downloads.close();
            for (const name of names) delete process.env[name];
            process.env.HTTP_PROXY = proxy;
            downloads = new Downloads({ connectMs: 300, stallMs: 300 });
            return downloads;
        };

        it("reaches hosts that only the proxy can reach", async () => {
            server.serve("https://one.example/program", content);
            const asked: string[] = [];
            const proxy = createServer().on("connect", (request, socket) => {
                asked.push(request.url ?? "");
                const { port } = new URL(server.address);
                const target = connect(Number(port), "127.0.0.1", () => {
                    socket.write("HTTP/1.1 200 OK\r\n\r\n");
                    target.pipe(socket).pipe(target);
                });
            });
            proxy.on("request", (request, response) => {
                asked.push(request.url ?? "");
                getOverHttp(`${server.address}${new URL(request.url ?? "").pathname}`, (answer) =>
                    answer.pipe(response),
                );
            });
            await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
            try {
                await through(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
                await get("http://only-there.invalid/one.example/program");
                assert.equal(readFileSync(path(), "utf8"), content);
                assert.match(asked.join(), /^(http:\/\/)?only-there\.invalid/);
            } finally {
                proxy.closeAllConnections();
                proxy.close();
            }
        });

        it("fails with a reason if the proxy can't be reached", async () => {
            const closed = new StandIn();
            await closed.start();
            const { address } = closed;
            closed.stop();
            await through(address);
            assert.match(await reasonFor(get("http://only-there.invalid/program")), /^only-there\.invalid: \S/);
        });
    });

    it("of a text has a limit, since a checksum is short", async () => {
        server.serve("https://one.example/sums", "a text");
        assert.equal(await downloads.text(`${server.address}/one.example/sums`, goesOn), "a text");
        server.serve("https://one.example/sums", "x".repeat(2 ** 20 + 1));
        const reason = await reasonFor(downloads.text(`${server.address}/one.example/sums`, goesOn));
        assert.match(reason, /has more than 1048576 bytes$/);
    });
});
