import { execFile } from "node:child_process";
import {
    copyFileSync,
    createWriteStream,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import { type Say, sayWhile } from "../say.ts";
import { cached, cacheRoot, findCached, keyOf } from "./cache.ts";

/** One build from Go modules, pinned by go.mod and go.sum of a folder below sandbox/toolchain/go. */
export interface GoBuild {
    /** Name and version for file names, e.g. `kubernetes-1.36.4`. */
    name: string;
    /** Name and version for people, e.g. `Kubernetes 1.36.4`. */
    title: string;
    /** Folder below sandbox/toolchain/go with go.mod, go.sum and optionally main.go. */
    module: string;
    /** Sources in that folder, besides go.mod and go.sum. */
    sources: readonly string[];
    /** Import path of the main package. */
    package: string;
    /** Build tags. @default none */
    tags?: readonly string[];
    /** Import paths of more main packages, whose binaries are named after the last part. @default none */
    also?: readonly string[];
    /** File name of the binary. */
    binary: string;
    /** More names under which the binary is started; links to it. */
    aliases: readonly string[];
    /** Values stamped into variables of the program, by full name. */
    stamps: Readonly<Record<string, string>>;
    /** Files that the main package embeds, copied from a module that go.mod pins. */
    embeds?: { module: string; files: readonly string[] };
    /** Minutes that a build with empty caches took on two cores. */
    minutes: number;
}

const run = promisify(execFile);
const modules = join(import.meta.dirname, "go");
const minimumGo = [1, 26] as const;

/** No debug information, which the linker would discard anyway. */
const compilerFlags = ["-gcflags=all=-dwarf=false"];

/** The linker flags: no symbol table, no debug information, the stamps in a fixed order. */
export function linkerFlags(build: GoBuild): string {
    const stamps = Object.entries(build.stamps).sort(([a], [b]) => (a < b ? -1 : 1));
    return ["-s -w", ...stamps.map(([variable, value]) => `-X ${variable}=${value}`)].join(" ");
}

/** Name of the build's folder in the cache without the Go version: changes with every source, stamp and platform. */
export function sourceName(build: GoBuild, folder: string = join(modules, build.module)): string {
    const files = ["go.mod", "go.sum", ...build.sources].map((file) => readFileSync(join(folder, file)));
    const rest = JSON.stringify([linkerFlags(build), build, process.platform, process.arch]);
    return `${build.name}-${keyOf([...files, rest])}`;
}

/** The folder that holds the build's binary, built now if it is not in the cache. */
export async function goBuild(build: GoBuild, say: Say): Promise<string> {
    const source = sourceName(build);
    const version = await goVersion();
    if (version === undefined) {
        const ready = findOfAnyVersion(source);
        if (ready !== undefined) return ready;
        throw new SandboxError(
            `${build.title} must be built, but there is no Go on the PATH; install Go ${minimumGo.join(".")} or newer and try again`,
        );
    }
    const name = `${source}-${version}`;
    const ready = findCached(name);
    if (ready !== undefined) return ready;
    refuseOldGo(version, build.title);
    return cached({ name, what: `building ${build.title}`, make: (folder) => compile(build, folder, say) }, say);
}

/** The folder of a build that is in the cache: of this machine's Go, or of any version if it has none. */
export async function findBuild(build: GoBuild): Promise<string | undefined> {
    const version = await goVersion();
    const source = sourceName(build);
    return version === undefined ? findOfAnyVersion(source) : findCached(`${source}-${version}`);
}

/** Whether there is a Go on the PATH. */
export async function hasGo(): Promise<boolean> {
    return (await goVersion()) !== undefined;
}

/** Downloads a later build's modules in advance. That build reports any failure. */
export async function prefetchModules(build: GoBuild): Promise<void> {
    const version = await goVersion();
    const source = sourceName(build);
    if (version === undefined || findCached(`${source}-${version}`) !== undefined) return;
    const folder = join(modules, build.module);
    await run("go", ["list", "-e", "-deps", "-f", "{{.ImportPath}}", ...packageArguments(build)], {
        cwd: folder,
        env: goEnvironment(),
        maxBuffer: 64 << 20,
    }).catch(() => undefined);
}

async function compile(build: GoBuild, folder: string, say: Say): Promise<void> {
    const log = join(cacheRoot(), "logs", `${build.name}.log`);
    mkdirSync(dirname(log), { recursive: true });
    // The sources are copied, so that the build matches its key even if the checkout changes meanwhile.
    const source = join(folder, "source");
    mkdirSync(source);
    for (const file of ["go.mod", "go.sum", ...build.sources]) {
        copyFileSync(join(modules, build.module, file), join(source, file));
    }
    const output = createWriteStream(log);
    const options = { cwd: source, env: goEnvironment(), extendEnv: false } as const;
    const line = (elapsed: string): string =>
        `building ${build.title} from Go modules: ${elapsed} (first run only, ~${build.minutes} min; log ${log})`;
    const flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", ...compilerFlags, "-ldflags", linkerFlags(build)];
    const work = async (): Promise<void> => {
        if (build.embeds !== undefined) {
            const { module, files } = build.embeds;
            await execa("go", ["mod", "download", "-x", module], { ...options, stdout: "ignore", stderr: output });
            const { stdout } = await execa("go", ["list", "-m", "-f", "{{.Dir}}", module], options);
            for (const file of files) copyFileSync(join(stdout, file), join(source, basename(file)));
        }
        const target = build.also === undefined ? join(folder, build.binary) : `${folder}/`;
        const args = ["build", "-v", ...flags, "-o", target, ...packageArguments(build)];
        await execa("go", args, { ...options, stdout: output, stderr: output });
    };
    try {
        await new Promise<void>((resolve, reject) => output.once("open", () => resolve()).once("error", reject));
        await sayWhile(say, line, work());
    } catch (error) {
        throw new SandboxError(
            `${build.title} could not be built; read the end of ${log}. Usually the Go module proxy can't be ` +
                `reached (go env GOPROXY) or the disk of ${cacheRoot()} is full; fix that and try again`,
            { cause: error },
        );
    } finally {
        output.end();
    }
    rmSync(source, { recursive: true, force: true });
    for (const alias of build.aliases) symlinkSync(build.binary, join(folder, alias));
}

function packageArguments(build: GoBuild): string[] {
    return [`-tags=${build.tags?.join(",") ?? ""}`, build.package, ...(build.also ?? [])];
}

/** A build of the same sources with any version of Go: better than none. */
function findOfAnyVersion(source: string): string | undefined {
    if (!existsSync(cacheRoot())) return undefined;
    const name = readdirSync(cacheRoot()).find(
        (other) => other.startsWith(`${source}-go`) && /^[\w.-]+-go[\d.]+$/.test(other),
    );
    return name === undefined ? undefined : join(cacheRoot(), name);
}

/** The Go on the PATH, e.g. `go1.26.8`; undefined if there is none. */
async function goVersion(): Promise<string | undefined> {
    try {
        const { stdout } = await run("go", ["env", "GOVERSION"], { env: goEnvironment(), cwd: modules });
        return stdout.trim();
    } catch {
        return undefined; // not installed, or does not start
    }
}

/** @throws SandboxError if this Go is too old for the pinned modules */
export function refuseOldGo(version: string, title: string): void {
    const [, major = "0", minor = "0"] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
    const enough = Number(major) > minimumGo[0] || (Number(major) === minimumGo[0] && Number(minor) >= minimumGo[1]);
    if (!enough) {
        throw new SandboxError(
            `${title} needs Go ${minimumGo.join(".")} or newer, but the one on the PATH is ${version}; install a newer one and try again`,
        );
    }
}

/**
 * The caller's environment, so that Go's proxies and caches work as usual, without variables that would change the
 * result.
 */
function goEnvironment(): NodeJS.ProcessEnv {
    const { GOOS: _os, GOARCH: _arch, GOEXPERIMENT: _experiment, ...env } = process.env;
    return {
        ...env,
        CGO_ENABLED: "0",
        GOFLAGS: "-mod=readonly",
        GOTOOLCHAIN: "local",
        GOWORK: "off",
        // The checksum database's mirror lacks some versions of these modules; go.sum pins them.
        GONOSUMDB: [env.GONOSUMDB, "github.com/pulumi/*", "sigs.k8s.io/metrics-server"].filter(Boolean).join(","),
        // More memory for less garbage collection saves a fifth of the time.
        GOGC: env.GOGC ?? "400",
    };
}
