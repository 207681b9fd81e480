import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { measuredRoles } from "../model/roles.ts";

/** Code of several programs, ready to be mounted as one folder. */
export interface Bundle {
    /**
     * Contents by file name, in alphabetical order: a small `<name>.mjs` for each entry point, and the code itself as
     * `*.mjs.br`.
     */
    files: Record<string, Buffer>;
    /** Hash of the code before compression: the first 12 hex digits of its SHA-256. */
    codeHash: string;
}

/** Entry points: paths relative to the root, by name in the bundle. */
type EntryPoints = Record<string, string>;

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const compressed = ".mjs.br";
let bundled: Bundle | undefined;

/** File of the npm package with the bundle that was built when it was packed. */
export const prebuiltName = "workload-code.json";
/** Its content: a {@link Bundle} with the files in Base64. */
export type Prebuilt = Omit<Bundle, "files"> & { files: Record<string, string> };

/**
 * The code of all roles: `<role>.server` and `<role>.trial` of each measured role, `<role>.scenario` of the responders, and
 * `driver`. In a checkout the first call builds it (half a second); a package has it.
 */
export function workloadBundle(): Bundle {
    bundled ??= prebuilt() ?? bundleOf(workloadEntryPoints(), packageRoot);
    return bundled;
}

function prebuilt(): Bundle | undefined {
    const path = join(packageRoot, prebuiltName);
    if (!existsSync(path)) return undefined;
    const { files, codeHash } = JSON.parse(readFileSync(path, "utf8")) as Prebuilt;
    const decoded = Object.entries(files).map(([name, contents]) => [name, Buffer.from(contents, "base64")]);
    return { files: Object.fromEntries(decoded), codeHash };
}

/** Hash of {@link workloadBundle}, 12 hex digits: identifies what was measured. */
export function codeHash(): string {
    return workloadBundle().codeHash;
}

/**
 * Bundles entry points with everything they import, for Node 24 and a folder without `node_modules`. What several of them
 * import is there once.
 *
 * Code stays readable in stack traces (names are not shortened) and is compressed instead: a ConfigMap holds 1 MiB, and
 * fastify takes 0.9 MiB. The same sources and dependencies give the same bytes in any folder.
 * @throws Error with esbuild's messages if an entry point can't be bundled
 */
export function bundleOf(entryPoints: EntryPoints, root: string): Bundle {
    // Not imported: a package has no esbuild.
    const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
    const { outputFiles } = buildSync({
        absWorkingDir: root,
        entryPoints: Object.entries(entryPoints).map(([name, path]) => ({ in: join(root, path), out: name })),
        bundle: true,
        splitting: true,
        platform: "node",
        format: "esm",
        target: "node24",
        minifyWhitespace: true,
        minifySyntax: true,
        legalComments: "none",
        banner: { js: requireBanner },
        outExtension: { ".js": compressed },
        outdir: join(root, "out"),
        write: false,
        logLevel: "silent",
    });
    const code = outputFiles.map(({ path, contents }) => [path.slice(join(root, "out/").length), contents] as const);
    const files = [
        ...Object.keys(entryPoints).map(
            (name) => [`${name}.mjs`, Buffer.from(loader(`${name}${compressed}`))] as const,
        ),
        ...code.map(([name, contents]) => [name, compress(contents)] as const),
    ];
    return { files: Object.fromEntries(files.sort(byName)), codeHash: shortHash(code.toSorted(byName).flat()) };
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) => (one < other ? -1 : 1);

/** Entry points of this package's roles. */
function workloadEntryPoints(): EntryPoints {
    const measured = measuredRoles.flatMap((role) =>
        ["server", "trial"].map((program) => [`${role}.${program}`, `workloads/${role}/${program}.ts`]),
    );
    const responders = ["receiver", "reader"].map((role) => [`${role}.scenario`, `workloads/${role}/scenario.ts`]);
    return { ...Object.fromEntries([...measured, ...responders]), driver: "workloads/driver/driver.ts" };
}

/** For bundled code: CommonJS dependencies call `require`, which a module doesn't have. */
export const requireBanner =
    'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** A module that loads a compressed one, which Node itself can't. */
function loader(name: string): string {
    return `import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { brotliDecompressSync } from "node:zlib";

registerHooks({
    load(url, context, next) {
        if (!url.endsWith("${compressed}")) return next(url, context);
        return { format: "module", shortCircuit: true, source: brotliDecompressSync(readFileSync(new URL(url))) };
    },
});
await import("./${name}");
`;
}

function compress(contents: Uint8Array): Buffer {
    return brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
}

/** The first 12 hex digits of the SHA-256 of all parts, each followed by a separator. */
export function shortHash(parts: readonly (string | Uint8Array)[]): string {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part).update("\0");
    return hash.digest("hex").slice(0, 12);
}
