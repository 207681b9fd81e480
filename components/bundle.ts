import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { buildSync, type Metafile } from "esbuild";
import { type Role, roles } from "../model/roles.ts";

/** The code of one role, ready to be mounted as a folder. */
export interface Bundle {
    /**
     * Contents by file name, in alphabetical order: a small `<entry>.mjs` for each entry point, and the code itself as
     * `*.mjs.br`.
     */
    files: Record<string, Buffer>;
    /** Hash of the code before compression: the first 12 hex digits of its SHA-256. */
    codeHash: string;
}

/** Entry points of several roles: paths relative to the root, by role and by name in the bundle. */
export type EntryPoints = Record<string, Record<string, string>>;

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const compressed = ".mjs.br";
let bundled: Record<string, Bundle> | undefined;

/** Bundles a role. The first call builds all roles at once (half a second). */
export function bundleRole(role: Role): Bundle {
    bundled ??= bundleAll(entryPoints(), packageRoot);
    return bundled[role] as Bundle;
}

/** Hash of the code of all roles, 12 hex digits: identifies what was measured. */
export function codeHash(): string {
    return shortHash(roles.map((role) => bundleRole(role).codeHash));
}

/**
 * Bundles entry points with everything they import, for Node 24 and a folder without `node_modules`.
 *
 * The roles are built together, because they share most dependencies; each gets only the files it imports. Code stays
 * readable in stack traces (names are not shortened) and is compressed instead: a ConfigMap holds 1 MiB, and fastify
 * takes 0.9 MiB. The same sources and dependencies give the same bytes in any folder.
 * @throws Error with esbuild's messages if an entry point can't be bundled
 */
export function bundleAll(entryPoints: EntryPoints, root: string): Record<string, Bundle> {
    const { outputFiles, metafile } = buildSync({
        absWorkingDir: root,
        entryPoints: Object.entries(entryPoints).flatMap(([role, entries]) =>
            Object.entries(entries).map(([name, path]) => ({ in: join(root, path), out: `${role}.${name}` })),
        ),
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
        metafile: true,
        logLevel: "silent",
    });
    const code = new Map(outputFiles.map(({ path, contents }) => [path.slice(join(root, "out/").length), contents]));
    return Object.fromEntries(
        Object.entries(entryPoints).map(([role, entries]) => [
            role,
            roleBundle(code, metafile, role, Object.keys(entries)),
        ]),
    );
}

/** Entry points of this package's roles. */
function entryPoints(): EntryPoints {
    return Object.fromEntries(
        roles.map((role) => {
            const names = role === "driver" ? ["driver"] : ["server", "trial"];
            return [role, Object.fromEntries(names.map((name) => [name, `workloads/${role}/${name}.ts`]))];
        }),
    );
}

/** CommonJS dependencies call `require`, which a module doesn't have. */
const requireBanner =
    'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

function roleBundle(code: Map<string, Uint8Array>, metafile: Metafile, role: string, entries: string[]): Bundle {
    const names = reachable(
        metafile,
        entries.map((entry) => `${role}.${entry}${compressed}`),
    ).sort();
    const files = [
        ...entries.map((entry) => [`${entry}.mjs`, Buffer.from(loader(`${role}.${entry}${compressed}`))] as const),
        ...names.map((name) => [name, compress(code.get(name) as Uint8Array)] as const),
    ];
    files.sort(([one], [other]) => (one < other ? -1 : 1));
    const hash = shortHash(names.flatMap((name) => [name, code.get(name) as Uint8Array]));
    return { files: Object.fromEntries(files), codeHash: hash };
}

/** The given outputs and all that they load. */
function reachable(metafile: Metafile, names: string[]): string[] {
    const found = new Set(names);
    for (const name of found) {
        const { imports } = metafile.outputs[`out/${name}`] as Metafile["outputs"][string];
        for (const { path, external } of imports) if (!external) found.add(path.slice("out/".length));
    }
    return [...found];
}

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
