import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
    copyFileSync,
    createReadStream,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { mirrorVariable } from "../../../sandbox/toolchain/mirror.ts";
import type { Release, ReleasedFile, ReleasedImage } from "../../../sandbox/toolchain/releases.ts";

/** Contents of a program: its text, or the path of a file. */
export type Content = string | { path: string };
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The architecture of this machine, as Go names it. */
export const architecture = process.arch === "arm64" ? "arm64" : "amd64";

/** Stands in for upstream's servers: a mirror on this machine, with files that a test publishes. */
export class StandIn {
    /** Paths asked for, in order, e.g. `/dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubelet`. */
    readonly requests: string[] = [];
    readonly #answers = new Map<string, Handler>();
    readonly #sockets = new Set<Socket>();
    readonly #folder = mkdtempSync(join(tmpdir(), "hopcost-stand-in-"));
    readonly #server: Server = createServer((request, response) => {
        const path = request.url ?? "";
        this.requests.push(path);
        const answer = this.#answers.get(path.replace(/^\/mirror/, ""));
        if (answer === undefined) response.writeHead(404).end("not here");
        else answer(request, response);
    });

    async start(): Promise<void> {
        this.#server.on("connection", (socket) => this.#sockets.add(socket));
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    }

    stop(): void {
        for (const socket of this.#sockets) socket.destroy();
        this.#server.close();
        rmSync(this.#folder, { recursive: true, force: true });
    }

    /** Its address, to which the path of a file is appended. */
    get address(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    /** Answers for an original address in a way of the test's own. */
    answer(original: string, handler: Handler): void {
        const { host, pathname } = new URL(original);
        this.#answers.set(`/${host}${pathname}`, handler);
    }

    /** Serves a text or a file. */
    serve(original: string, content: Content): void {
        this.answer(original, (_request, response) => {
            if (typeof content === "string") return response.end(content);
            response.setHeader("content-length", statSync(content.path).size);
            return createReadStream(content.path).pipe(response);
        });
    }

    /**
     * Publishes a release as upstream does: programs and archives, and their checksums beside them.
     * @param programs contents by the name of the program
     */
    publish(release: Release, programs: (name: string) => Content): void {
        const sums = new Map<string, string[]>();
        for (const part of release.parts(architecture)) {
            if ("image" in part) continue; // see imageOf: nobody can make an image that has a given checksum
            const content = part.unpack === undefined ? programs(basename(part.url)) : this.#archive(part, programs);
            this.serve(part.url, content);
            sums.set(part.sums, [...(sums.get(part.sums) ?? []), `${sumOf(content)}  ${basename(part.url)}`]);
        }
        for (const [url, lines] of sums) {
            // Kubernetes publishes only the digits.
            this.serve(
                url,
                url.startsWith("https://dl.k8s.io/") ? (lines[0]?.slice(0, 64) ?? "") : `${lines.join("\n")}\n`,
            );
        }
    }

    /** Serves an image with the programs in its last layer. @returns the part of a release that names it */
    imageOf(name: string, programs: (name: string) => Content): ReleasedImage {
        const unpack = { members: [name], strip: 0 };
        const layer = this.#archive({ unpack }, programs);
        const base = `https://registry.example/v2/${name}`;
        const put = (kind: "blobs" | "manifests", content: Content): string => {
            this.serve(`${base}/${kind}/sha256:${sumOf(content)}`, content);
            return `sha256:${sumOf(content)}`;
        };
        const below = { digest: put("blobs", "the files of the image below") };
        const manifest = put("manifests", JSON.stringify({ layers: [below, { digest: put("blobs", layer) }] }));
        const manifests = [
            { digest: "sha256:another", platform: { os: "linux", architecture: "s390x" } },
            { digest: manifest, platform: { os: "linux", architecture } },
        ];
        const index = put("manifests", JSON.stringify({ manifests })).slice("sha256:".length);
        return { image: { registry: "registry.example", repository: name, index }, unpack };
    }

    #archive({ unpack }: Pick<ReleasedFile, "unpack">, programs: (name: string) => Content): { path: string } {
        const tree = mkdtempSync(join(this.#folder, "tree-"));
        for (const member of [...(unpack?.members ?? []), "LICENSE"]) {
            // A folder stands for a program of its name in it.
            const path = join(
                tree,
                unpack?.into === undefined || member === "LICENSE" ? member : `${member}/${member}`,
            );
            mkdirSync(dirname(path), { recursive: true });
            const content = member === "LICENSE" ? "free" : programs(basename(path));
            if (typeof content === "string") writeFileSync(path, content, { mode: 0o755 });
            else copyFileSync(content.path, path);
        }
        const path = `${tree}.tar.gz`;
        // The fastest compression: what is asked is whether it can be unpacked.
        execFileSync("tar", ["-C", tree, "-I", "gzip -1", "-cf", path, ...readdirSync(tree)]);
        rmSync(tree, { recursive: true });
        return { path };
    }
}

/** SHA-256 of a content, 64 hex digits. */
export function sumOf(content: Content): string {
    const bytes = typeof content === "string" ? content : readFileSync(content.path);
    return createHash("sha256").update(bytes).digest("hex");
}

/** A stand-in for every test of the enclosing `describe`; `HOPCOST_RELEASES` names it. */
export function standInPerTest(): () => StandIn {
    let server: StandIn | undefined;
    let before: string | undefined;
    beforeEach(async () => {
        server = new StandIn();
        await server.start();
        before = process.env[mirrorVariable];
        process.env[mirrorVariable] = `${server.address}/mirror/`;
    });
    afterEach(() => {
        server?.stop();
        if (before === undefined) delete process.env[mirrorVariable];
        else process.env[mirrorVariable] = before;
    });
    return () => server as StandIn;
}
