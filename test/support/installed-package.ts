import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../cli/project.ts";
import packageJson from "../../package.json" with { type: "json" };
import { type Running, start } from "./command.ts";

/** Those that a program brings itself. */
export const pulumiPackages = (["command", "kubernetes", "policy", "pulumi"] as const).map(
    (name) => `@pulumi/${name}` as const,
);

/** The npm package as its users have it: built, packed, and installed in folders of their own, whose path has a space. */
export class InstalledPackage {
    readonly scratch: string;
    readonly tarball: string;
    /** A folder with the oldest Pulumi that the package works with: that of the checkout. */
    readonly folder: string;

    private constructor(scratch: string) {
        this.scratch = scratch;
        this.tarball = join(scratch, `hopcost-${packageJson.version}.tgz`);
        this.folder = join(scratch, "a program");
    }

    static async make(): Promise<InstalledPackage> {
        const made = new InstalledPackage(mkdtempSync(join(tmpdir(), "hopcost package ")));
        const { scratch } = made;
        await execa(process.execPath, [join(projectRoot, "packaging", "build.ts"), join(scratch, "dist")]);
        await execa("npm", ["pack", "--silent", "./dist"], { cwd: scratch });
        const pinned = pulumiPackages.map((name) => `${name}@${packageJson.dependencies[name]}`);
        await made.install("a program", ...pinned);
        return made;
    }

    /** @returns a folder with the package and others */
    async install(name: string, ...packages: string[]): Promise<string> {
        const folder = join(this.scratch, name);
        mkdirSync(folder);
        writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
        const args = ["install", "--no-audit", "--no-fund", "--save-exact", this.tarball, ...packages];
        await execa("npm", args, { cwd: folder });
        return folder;
    }

    /** The installed command, in any folder. */
    hopcost(cwd: string, args: readonly string[], env: Record<string, string> = {}): Running {
        const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
        const program = join(this.folder, "node_modules", ".bin", "hopcost");
        return start(process.execPath, [program, ...args], cwd, { PATH: path, ...env });
    }

    remove(): void {
        rmSync(this.scratch, { recursive: true, force: true });
    }
}
