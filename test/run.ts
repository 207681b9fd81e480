/**
 * Runs the tests and ends with the line `N passed, N failed, N skipped`, from mocha's own counts.
 *
 *     node test/run.ts            all tests
 *     node test/run.ts unit       those that need seconds: all but cli/ (the command as a process; cli/checks/ is among
 *                                 them), components/metrics/ (promtool has to be built once), browser/ (Chromium has to be
 *                                 installed once), workloads/ (real processes) and e2e/ (a real cluster)
 *     node test/run.ts PATH...    these files or folders
 */
import { globSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Mocha from "mocha";

const here = dirname(fileURLToPath(import.meta.url));

/** Folders of tests that take longer, in the order in which they are run. */
const slowFolders = [/^cli\/(?!checks\/)/, /^components\/metrics\//, /^browser\//, /^workloads\//, /^e2e\//];

/** Files of the run, the quickest to fail first. */
function chosenFiles(args: string[]): string[] {
    const all = globSync("**/*.test.ts", { cwd: here }).sort();
    const slow = slowFolders.map((folder) => all.filter((file) => folder.test(file)));
    const unit = all.filter((file) => !slow.some((files) => files.includes(file)));
    const chosen = { "": [...unit, ...slow.flat()], unit }[args[0] ?? ""];
    if (chosen !== undefined) return chosen.map((file) => join(here, file));
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
