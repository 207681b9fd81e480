import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { saysNothing } from "../../../sandbox/say.ts";
import { downloadReleases, findReleased, sumIn } from "../../../sandbox/toolchain/released-programs.ts";
import type { Release, ReleasedFile } from "../../../sandbox/toolchain/releases.ts";
import { cachePerTest } from "../folder.ts";
import { type StandIn, standInPerTest } from "./stand-in.ts";

const limits = { connectMs: 1000, stallMs: 400 };

describe("released programs", () => {
    const cache = cachePerTest();
    const server = standInPerTest();
    const script = (name: string) => `#!/bin/sh\necho ${name} runs\n`;
    const plain: ReleasedFile = { url: "https://dl.k8s.io/v1/plain", sums: "https://dl.k8s.io/v1/plain.sha256" };
    const packed: ReleasedFile = {
        url: "https://two.example/v1/packed.tgz",
        sums: "https://two.example/v1/sums",
        unpack: { members: ["packed-1/one", "packed-1/two"], strip: 1 },
    };
    const release: Release = { name: "thing-1", title: "the thing 1", parts: () => [plain, packed] };
    const other: Release = {
        name: "other-2",
        title: "another thing 2",
        parts: () => [{ url: "https://dl.k8s.io/v1/other", sums: "https://dl.k8s.io/v1/other.sha256" }],
    };
    const entries = () => {
        const root = join(cache(), "hopcost");
        return existsSync(root) ? readdirSync(root) : [];
    };
    const answersOf = (folder: string | undefined, ...names: string[]) =>
        names.map((name) =>
            execFileSync(join(folder ?? "nowhere", name))
                .toString()
                .trim(),
        );

    it("are downloaded, unpacked, ready to start, and found from then on", async () => {
        server().publish(release, script);
        assert.equal(findReleased(release), undefined);
        assert.deepEqual(await downloadReleases([release], saysNothing, limits), new Map());
        const folder = findReleased(release);
        assert.deepEqual(readdirSync(folder ?? "").sort(), ["one", "plain", "two"]);
        assert.deepEqual(answersOf(folder, "one", "plain", "two"), ["one runs", "plain runs", "two runs"]);
        // The cache removes old entries by this form of their names.
        assert.match(entries().join(), /^thing-1-official-[0-9a-f]{12}$/);
        assert.ok(server().requests.includes("/mirror/dl.k8s.io/v1/plain"));
        const { length } = server().requests;
        await downloadReleases([release], saysNothing, limits);
        assert.equal(server().requests.length, length);
    });

    it("are downloaded all at once, while one line shows how far they are", async () => {
        for (const it of [release, other]) server().publish(it, script);
        let waiting = 0;
        const both = Promise.withResolvers<void>();
        for (const [url, name] of [
            [plain.url, "plain"],
            ["https://dl.k8s.io/v1/other", "other"],
        ] as const) {
            server().answer(url, async (_request, response) => {
                response.setHeader("content-length", script(name).length);
                if (++waiting === 2) both.resolve();
                await both.promise; // which never comes if one is downloaded after the other
                response.end(script(name));
            });
        }
        const said: string[] = [];
        await downloadReleases([release, other], (line) => said.push(line), limits);
        assert.equal(said[0], "downloading the thing 1 and 1 more: 0 of 0 MB (0s)");
        assert.deepEqual(answersOf(findReleased(release), "plain"), ["plain runs"]);
        assert.deepEqual(answersOf(findReleased(other), "other"), ["other runs"]);
    });

    it("fail one by one: the others are there", async () => {
        server().publish(other, script);
        const failed = await downloadReleases([release, other], saysNothing, limits);
        assert.deepEqual([...failed.keys()], [release]);
        assert.equal(findReleased(release), undefined);
        assert.ok(findReleased(other));
    });

    const wrongs: Record<string, { break: (server: StandIn) => void; reason: RegExp }> = {
        "a wrong checksum": {
            break: (it) => it.serve(plain.url, script("something else")),
            reason: /plain has the SHA-256 [0-9a-f]{12}\.\.\., not the published/,
        },
        "a truncated file": {
            break: (it) => it.serve(plain.url, script("plain").slice(0, 9)),
            reason: /plain has the SHA-256/,
        },
        "a truncated archive": {
            break: (it) => it.serve(packed.url, "\u001f\u008b"),
            reason: /packed\.tgz has the SHA-256/,
        },
        "a missing file": {
            break: (it) => it.answer(packed.url, (_request, response) => void response.writeHead(404).end()),
            reason: /packed\.tgz answers 404$/,
        },
        "a server in trouble": {
            break: (it) => it.answer(plain.sums, (_request, response) => void response.writeHead(503).end()),
            reason: /plain\.sha256 answers 503$/,
        },
        "a stalled file": {
            break: (it) => it.answer(packed.url, (_request, response) => void response.write("some")),
            reason: /^nothing from 127\.0\.0\.1:\d+ for 0\.4 s$/,
        },
        "no checksum of the file": {
            break: (it) => it.serve(packed.sums, `${"a".repeat(64)}  another.tgz\n`),
            reason: /sums has no SHA-256 of packed\.tgz$/,
        },
        "a page instead of checksums": {
            break: (it) => it.serve(packed.sums, "<html>sign in</html>"),
            reason: /sums has no SHA-256 of packed\.tgz$/,
        },
    };
    for (const [what, wrong] of Object.entries(wrongs)) {
        it(`with ${what} leave nothing behind, and the reason says it`, async () => {
            server().publish(release, script);
            wrong.break(server());
            const failed = await downloadReleases([release], saysNothing, limits);
            assert.match(failed.get(release) ?? "", wrong.reason);
            assert.deepEqual(entries(), []);
        });
    }

    it("in an archive without the program fail", async () => {
        server().publish(release, script);
        const changed: ReleasedFile = { ...packed, unpack: { members: ["packed-1/three"], strip: 1 } };
        const failed = await downloadReleases([{ ...release, parts: () => [changed] }], saysNothing, limits);
        assert.match(
            [...failed.values()].join(),
            /packed\.tgz can't be unpacked \(tar: packed-1\/three: Not found in archive\)$/,
        );
        assert.deepEqual(entries(), []);
    });

    it("end their other downloads when one fails", async () => {
        server().publish(release, script);
        const ended = Promise.withResolvers<void>();
        const begun = Promise.withResolvers<void>();
        server().answer(packed.url, (request, response) => {
            request.socket.once("close", () => ended.resolve());
            const timer = setInterval(() => response.write("more and more"), 50);
            request.socket.once("close", () => clearInterval(timer));
            begun.resolve();
        });
        server().answer(plain.url, async (_request, response) => {
            await begun.promise;
            response.writeHead(404).end();
        });
        const failed = await downloadReleases([release], saysNothing, limits);
        assert.match(failed.get(release) ?? "", /plain answers 404$/);
        await ended.promise;
    });

    it("that nobody serves fail with the reason", async () => {
        server().stop();
        const failed = await downloadReleases([release, other], saysNothing, limits);
        for (const it of [release, other]) assert.match(failed.get(it) ?? "", /^127\.0\.0\.1:\d+: ECONNREFUSED$/);
    });

    it("are neither downloaded nor found if HOPCOST_RELEASES says so", async () => {
        server().publish(release, script);
        await downloadReleases([release], saysNothing, limits);
        const { length } = server().requests;
        process.env.HOPCOST_RELEASES = "none";
        assert.equal(findReleased(release), undefined);
        assert.deepEqual(
            await downloadReleases([release], saysNothing, limits),
            new Map([[release, "HOPCOST_RELEASES is none"]]),
        );
        assert.equal(server().requests.length, length);
    });

    describe("in an image", () => {
        const imaged = (part = server().imageOf("thing", script)): Release => {
            return { name: "imaged-1", title: "the imaged thing 1", parts: () => [part] };
        };

        it("are taken out of its last layer, for this machine's architecture", async () => {
            const release = imaged();
            assert.deepEqual(await downloadReleases([release], saysNothing, limits), new Map());
            assert.deepEqual(answersOf(findReleased(release), "thing"), ["thing runs"]);
        });

        it("are refused if the registry has another index than the pinned one", async () => {
            const part = server().imageOf("thing", script);
            const index = `https://registry.example/v2/thing/manifests/sha256:${part.image.index}`;
            server().serve(index, JSON.stringify({ manifests: [] }));
            const release = imaged(part);
            const failed = await downloadReleases([release], saysNothing, limits);
            assert.match(failed.get(release) ?? "", /manifests\/sha256:[0-9a-f]{64} doesn't have that SHA-256$/);
        });
    });
});

describe("a published checksum", () => {
    const [one, two] = ["1".repeat(64), "2".repeat(64)];

    it("is the only one in the text, or that on the file's line", () => {
        assert.equal(sumIn(one, "kubelet"), one);
        assert.equal(sumIn(`${one}\n`, "kubelet"), one);
        const lines = `${one}  etcd-linux-arm64.tar.gz\n${two}  etcd-linux-amd64.tar.gz\n`;
        assert.equal(sumIn(lines, "etcd-linux-amd64.tar.gz"), two);
        assert.equal(sumIn(`${one} *coredns.tgz\r\n`, "coredns.tgz"), one);
    });

    it("is none if it is of another file or another kind", () => {
        assert.equal(sumIn(`${one}  etcd-linux-amd64.tar.gz.asc`, "etcd-linux-amd64.tar.gz"), undefined);
        assert.equal(sumIn(`${one}${two}  file`, "file"), undefined);
        assert.equal(sumIn("", "file"), undefined);
    });
});
