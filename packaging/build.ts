/**
 * Builds the npm package: `node packaging/build.ts [FOLDER]`, by default in `dist/`; `npm pack ./dist` then packs it. TypeScript is compiled, since Node
 * strips no types below `node_modules`; the code of the workloads is bundled, so that every installation of a version measures the
 * same code; of the Kubernetes client only what is used is taken.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { type Prebuilt, prebuiltName, requireBanner, workloadBundle } from "../components/bundle.ts";
import packageJson from "../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const dist = resolve(process.argv[2] ?? join(root, "dist"));
/** Where the used part of the Kubernetes client goes. */
const client = { name: "@kubernetes/client-node", file: "vendor/kubernetes-client.js" };

/** A program has these itself, and all its packages share them. Tested at both ends of each range: see test/package. */
const peerDependencies = {
    "@pulumi/command": "^1.2.1",
    "@pulumi/kubernetes": "^4.25.0",
    "@pulumi/policy": "^1.21.0",
    "@pulumi/pulumi": "^3.259.0",
};

/** What others import, and what stands behind each name. */
const entryPoints = {
    ".": "components/index",
    "./plugin": "plugin/provider",
    "./policies": "policies/rules",
    "./report": "report/index",
};

rmSync(dist, { recursive: true, force: true });
await execa("tsc", ["-p", join(import.meta.dirname, "tsconfig.json"), "--outDir", dist], {
    preferLocal: true,
    localDir: root,
    stdio: "inherit",
});
copyData();
writeBundle();
await bundleClient();
rewriteRequires();
removeUnusedTypes();
writePackageJson();

/** Files that the code reads at run time, and those that every package has. */
function copyData(): void {
    const patterns = [
        "*.md",
        "LICENSE",
        "Pulumi.yaml",
        "Pulumi.dev.yaml",
        "{model,config}/*.schema.json",
        "cli/**/*.bash",
        "policies/*.yaml",
        "plugin/schema.json",
    ];
    const files = globSync([...patterns, "sandbox/toolchain/go/**/*"], { cwd: root, exclude: ["CONTRIBUTING.md"] });
    for (const file of files) {
        mkdirSync(dirname(join(dist, file)), { recursive: true });
        cpSync(join(root, file), join(dist, file), { recursive: true });
    }
    const { name, version, type, dependencies, engines } = readJson("policies/package.json");
    writeJson("policies/package.json", { name, version, type, main: "index.js", private: true, engines, dependencies });
}

function writeBundle(): void {
    const { files, codeHash } = workloadBundle();
    const encoded = Object.entries(files).map(([name, contents]) => [name, contents.toString("base64")]);
    writeJson(prebuiltName, { files: Object.fromEntries(encoded), codeHash } satisfies Prebuilt);
}

/** One module with all that our code imports of the Kubernetes client, and its own dependencies. */
async function bundleClient(): Promise<void> {
    const users = modules().filter((file) => read(file).includes(`"${client.name}"`));
    const named = users.flatMap((file) => {
        const imports = read(file).matchAll(new RegExp(`import \\{([^}]+)\\} from "${client.name}"`, "g"));
        return [...imports].flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()));
    });
    const names = [...new Set(named)].filter((name) => name !== "").sort();
    await build({
        stdin: { contents: `export { ${names.join(", ")} } from "${client.name}";`, resolveDir: root },
        outfile: join(dist, client.file),
        bundle: true,
        platform: "node",
        format: "esm",
        target: "node22",
        minifyWhitespace: true,
        legalComments: "eof",
        banner: { js: requireBanner },
        logLevel: "warning",
    });
    for (const file of users) {
        const path = relative(dirname(file), client.file);
        const local = path.startsWith(".") ? path : `./${path}`;
        write(file, read(file).replaceAll(`"${client.name}"`, `"${local}"`));
    }
}

/** The compiler rewrites the extension in imports, not in `require`. */
function rewriteRequires(): void {
    for (const file of modules()) {
        const text = read(file);
        const rewritten = text.replace(/(require\("\.{1,2}\/[^"]+)\.ts"\)/g, '$1.js")');
        if (rewritten !== text) write(file, rewritten);
    }
}

/** Types are for those who import an entry point; the command needs none. In them, the compiler leaves the extensions too. */
function removeUnusedTypes(): void {
    const used = new Set<string>();
    const left = Object.values(entryPoints).map((file) => `${file}.d.ts`);
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
        if (used.has(file)) continue;
        used.add(file);
        for (const [, path = ""] of read(file).matchAll(/"(\.{1,2}\/[^"]+)\.[jt]s"/g))
            left.push(join(dirname(file), `${path}.d.ts`));
    }
    for (const file of globSync("**/*.d.{ts,mts}", { cwd: dist })) {
        if (!used.has(file)) rmSync(join(dist, file));
        else write(file, read(file).replaceAll(/("\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'));
    }
}

function writePackageJson(): void {
    const { name, version, description, license, type, engines, keywords } = packageJson;
    const used = importedPackages();
    const dependencies = Object.entries(packageJson.dependencies).filter(
        ([dependency]) => used.has(dependency) && !(dependency in peerDependencies),
    );
    const known = [...dependencies.map(([dependency]) => dependency), ...Object.keys(peerDependencies)];
    const unknown = [...used].filter((dependency) => !known.includes(dependency));
    if (unknown.length > 0) throw new Error(`the package imports ${unknown.join(", ")}, which are not dependencies`);
    const exported = Object.entries(entryPoints).map(([path, file]) => [
        path,
        { types: `./${file}.d.ts`, default: `./${file}.js` },
    ]);
    const schemas = globSync("{model,config}/*.schema.json", { cwd: dist }).map((file) => [
        `./${basename(file)}`,
        `./${file}`,
    ]);
    writeJson("package.json", {
        ...{ name, version, description, keywords, license, type, engines },
        bin: { hopcost: "cli/hopcost.mjs" },
        exports: { ...Object.fromEntries([...exported, ...schemas.sort()]), "./package.json": "./package.json" },
        dependencies: Object.fromEntries(dependencies),
        peerDependencies,
        publishConfig: { provenance: true },
    });
}

/** Packages that the compiled code and its types import. */
function importedPackages(): Set<string> {
    const texts = [...modules(), ...globSync("**/*.d.ts", { cwd: dist })]
        .filter((file) => file !== client.file)
        .map(read);
    const specifiers = texts.flatMap((text) => [
        ...text.matchAll(/(?:\bfrom|\bimport\(?|\brequire\()\s*"([^".\s][^"\s]*)"/g),
    ]);
    const packages = specifiers.map(([, specifier = ""]) =>
        specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/"),
    );
    return new Set(packages.filter((name) => !name.startsWith("node:") && !builtinModules.includes(name)));
}

function modules(): string[] {
    return globSync("**/*.{js,mjs}", { cwd: dist, exclude: ["vendor", "sandbox/toolchain/go"] }).sort();
}

function read(file: string): string {
    return readFileSync(join(dist, file), "utf8");
}

function write(file: string, text: string): void {
    writeFileSync(join(dist, file), text);
}

function readJson(file: string) {
    return JSON.parse(readFileSync(join(root, file), "utf8"));
}

function writeJson(file: string, value: object): void {
    write(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
