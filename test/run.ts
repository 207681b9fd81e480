/**
 * Runs the tests and ends with the line `N passed, N failed, N skipped`, from mocha's own counts.
 *
 *     node test/run.ts            all tests
 *     node test/run.ts unit       all but the end-to-end ones, in seconds
 *     node test/run.ts PATH...    these files or folders
 */
import { globSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Mocha from "mocha";

const here = dirname(fileURLToPath(import.meta.url));

/** Files of the run: unit tests first, because they fail in seconds. */
function chosenFiles(args: string[]): string[] {
    const all = globSync("**/*.test.ts", { cwd: here }).sort();
    const unit = all.filter((file) => !file.startsWith("e2e/"));
    const endToEnd = all.filter((file) => file.startsWith("e2e/"));
    if (args.length === 0) return [...unit, ...endToEnd].map((file) => join(here, file));
    if (args[0] === "unit") return unit.map((file) => join(here, file));
    return args.flatMap((path) =>
        statSync(path).isDirectory() ? globSync(join(path, "**/*.test.ts")).sort() : [path],
    );
}

const mocha = new Mocha({ timeout: 10_000, forbidOnly: process.env.CI !== undefined });
for (const file of chosenFiles(process.argv.slice(2))) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = await new Promise<Mocha.Runner>((resolve) => {
    const running = mocha.run(() => resolve(running));
});
const { passes = 0, failures: failed = 0, pending = 0, tests = 0 } = runner.stats ?? {};
// A run without a test is no success: a wrong path or a renamed folder must not look like one.
process.exitCode = failed > 0 || tests === 0 ? 1 : 0;
console.log(`${passes} passed, ${failed} failed, ${pending} skipped`);
process.exit();
