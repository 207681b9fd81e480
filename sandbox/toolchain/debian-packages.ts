import {
    chmodSync,
    copyFileSync,
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    realpathSync,
    rmSync,
    statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { reasonOf, SandboxError } from "../errors.ts";
import { apt, findCommand, withLists } from "../host.ts";
import { type Say, sayWhile } from "../say.ts";
import { type CacheEntry, cached, keyOf } from "./cache.ts";

/** What is extracted from Debian packages, without service units and manual pages. */
interface Extract {
    /** Name of the folder in the cache, without its key. */
    name: string;
    /** Name for people, e.g. `containerd and runc`. */
    title: string;
    packages: readonly string[];
    /** Paths of programs, which are copied into one folder. */
    programs: readonly string[];
    /** Path of a folder with web pages, copied as `web`, with the libraries it links to as files. */
    web?: string;
}

const runtime: Extract = {
    name: "container-runtime",
    title: "containerd and runc",
    packages: ["containerd", "runc", "containernetworking-plugins", "catatonit"],
    programs: [
        "usr/bin/containerd",
        "usr/bin/containerd-shim-runc-v2",
        "usr/bin/ctr",
        "usr/bin/catatonit",
        "usr/sbin/runc",
        "usr/lib/cni/host-local",
        "usr/lib/cni/loopback",
        "usr/lib/cni/portmap",
        "usr/lib/cni/ptp",
    ],
};

const pages: Extract = {
    name: "prometheus-pages",
    title: "the pages of Prometheus",
    packages: [
        "prometheus",
        "fonts-glyphicons-halflings",
        "libjs-bootstrap4",
        "libjs-d3",
        "libjs-eonasdan-bootstrap-datetimepicker",
        "libjs-jquery",
        "libjs-moment",
        "libjs-moment-timezone",
        "libjs-mustache",
        "libjs-popper.js",
        "libjs-rickshaw",
    ],
    programs: [],
    web: "usr/share/prometheus/web",
};

/**
 * The folder with Debian's containerd, runc, CNI plugins and catatonit, the first process of Pods and nodes. They are
 * extracted, not installed, so that no containerd service starts on the machine.
 */
export function containerRuntime(say: Say): Promise<string> {
    return extracted(runtime, say);
}

/** The folder with `web`, which Debian's Prometheus serves at `/classic`. */
export function prometheusPages(say: Say): Promise<string> {
    return extracted(pages, say);
}

function extracted(wanted: Extract, say: Say): Promise<string> {
    const { name, title, packages, programs, web } = wanted;
    const entry: CacheEntry = {
        name: `${name}-${keyOf([...packages, ...programs, ...(web === undefined ? [] : [web]), process.arch])}`,
        what: `getting ${title} from Debian packages`,
        make: async (folder) => {
            if (findCommand("apt-get") === undefined || findCommand("dpkg-deb") === undefined) {
                throw new SandboxError(
                    `the sandbox needs apt-get and dpkg-deb to get ${title} from Debian packages; use minikube or k3d with --stack minikube or --stack k3d`,
                );
            }
            const line = (elapsed: string): string => `getting ${title} from Debian packages: ${elapsed}`;
            await sayWhile(say, line, extract(wanted, folder));
        },
    };
    return cached(entry, say);
}

async function extract({ packages, programs, web }: Extract, folder: string): Promise<void> {
    const work = join(folder, "packages");
    const tree = join(work, "tree");
    mkdirSync(tree, { recursive: true });
    await withLists(() => apt(["download", ...packages], work));
    for (const file of readdirSync(work).filter((name) => name.endsWith(".deb"))) {
        await execa("dpkg-deb", ["-x", join(work, file), tree]);
    }
    for (const program of programs) {
        try {
            copyFileSync(join(tree, program), join(folder, basename(program)));
        } catch (error) {
            throw new SandboxError(
                `the Debian packages ${packages.join(", ")} don't contain ${program} (${reasonOf(error)}); the sandbox supports Debian 12, use minikube or k3d here`,
                { cause: error },
            );
        }
        chmodSync(join(folder, basename(program)), 0o755);
    }
    if (web !== undefined) {
        cpSync(join(tree, web), join(folder, "web"), { recursive: true, dereference: true, filter: isServed });
    }
    rmSync(work, { recursive: true });
}

/** Of the libraries, pages only use the minified files: a quarter of the bytes. Some links are dangling and unused. */
function isServed(file: string): boolean {
    if (!existsSync(file)) return false;
    const isLibrary = /\/usr\/share\/(javascript|nodejs)\//.test(realpathSync(file));
    return !isLibrary || statSync(file).isDirectory() || /\.min\.(js|css)$/.test(file);
}
