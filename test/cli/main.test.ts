import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/project.ts";

describe("the hopcost command", () => {
    const hopcost = (...args: string[]) => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), ...args];
        return spawnSync(process.execPath, command, { encoding: "utf8" });
    };

    for (const args of [
        ["run"],
        ["report"],
        ["compare"],
        ["check"],
        ["metrics"],
        ["doctor"],
        ["sandbox"],
        ["sandbox", "up"],
        ["sandbox", "down"],
        ["sandbox", "status"],
        ["completion"],
    ]) {
        it(`shows the help of ${args.join(" ")} with an example`, () => {
            const { status, stdout } = hopcost(...args, "--help");
            assert.equal(status, 0);
            assert.match(stdout, new RegExp(`Usage: hopcost ${args.join(" ")}`));
            assert.match(stdout, new RegExp(`Example:\\n {2}\\$ .*hopcost ${args.join(" ")}`));
        });
    }

    it("ends the help with every exit code", () => {
        const { status, stdout } = hopcost("--help");
        assert.equal(status, 0);
        assert.equal(
            stdout.slice(stdout.indexOf("Example:")),
            `Example:
  $ hopcost run --profile quick

Exit codes:
  0   ok
  1   unexpected error
  2   configuration or command line
  3   preflight: context, server, namespace, machine
  4   run failed or partial
  5   policy
  8   cancelled
  9   timed out
  99  threshold exceeded
`,
        );
    });

    it("says that a user without a home folder must name one", () => {
        // What Node throws then. The user must be able to read the checkout, so the test can't become another one.
        const homeless = 'throw Object.assign(new Error("no home"), { syscall: "uv_os_homedir" })';
        const preload = `import os from "node:os"; import { syncBuiltinESMExports as sync } from "node:module"; os.homedir = () => { ${homeless} }; sync();`;
        const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(preload)}`;
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "run", "--context", "any"];
        const env = { ...process.env, NODE_OPTIONS };
        const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", env });
        assert.deepEqual([status, /^hopcost: HOME .*set HOME/.test(stderr)], [3, true], stderr);
    });

    it("shows the help of a command by its name as well", () => {
        const { status, stdout } = hopcost("help", "run");
        assert.deepEqual([status, stdout], [0, hopcost("run", "--help").stdout]);
    });

    for (const args of [[], ["sandbox"]]) {
        it(`ends with 2 and the help on stderr where nothing is asked of ${["hopcost", ...args].join(" ")}`, () => {
            const { status, stdout, stderr } = hopcost(...args);
            assert.deepEqual([status, stdout, stderr], [2, "", hopcost(...args, "--help").stdout]);
        });
    }

    it("ends with 1 where stdout is full, and with 0 where its reader has gone", () => {
        const full = openSync("/dev/full", "w");
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "--help"];
        const { status, stderr } = spawnSync(process.execPath, command, {
            encoding: "utf8",
            stdio: ["ignore", full, "pipe"],
        });
        closeSync(full);
        const told =
            "hopcost: stdout can't be written (ENOSPC: no space left on device, write); redirect it elsewhere\n";
        assert.deepEqual([status, stderr], [1, told]);
        const line = `'${process.execPath}' '${command[0]}' --help | true; echo \${PIPESTATUS[0]}`;
        const gone = spawnSync("bash", ["-c", line], { encoding: "utf8" });
        assert.deepEqual([gone.stdout, gone.stderr], ["0\n", ""]);
    });

    it("suggests the nearest option and ends with 2", () => {
        const { status, stderr } = hopcost("run", "--profil", "quick");
        assert.equal(status, 2);
        assert.match(stderr, /unknown option '--profil'\n\(Did you mean --profile\?\)/);
    });

    it("suggests the nearest command and ends with 2", () => {
        const { status, stderr } = hopcost("sandbx");
        assert.equal(status, 2);
        assert.match(stderr, /unknown command 'sandbx'\n\(Did you mean sandbox\?\)/);
    });

    it("exits 2 and names the existing stacks for an unknown one", () => {
        const { status, stderr, stdout } = hopcost("run", "--stack", "nowhere");
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /^hopcost: There is no stack file \S+Pulumi\.nowhere\.yaml; stacks here: dev, eks, k3d, minikube\./,
        );
    });

    it("ends with 2 for a profile that there is not, suggests the nearest, and starts nothing", () => {
        const { status, stdout, stderr } = hopcost("run", "--profile", "quik");
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.match(stderr, /hopcost:profile "quik": must be one of quick, standard, full; did you mean quick\?\n$/);
        assert.doesNotMatch(stderr, /sandbox/);
    });

    it("exits 2 and suggests the nearest stack for an unknown one", () => {
        const { status, stderr } = hopcost("metrics", "--stack", "minkube");
        assert.equal(status, 2);
        assert.match(stderr, /stacks here: dev, eks, k3d, minikube\. Did you mean --stack minikube\?\n$/);
    });

    it("names the key that the EKS stack leaves to its user", () => {
        const { status, stderr } = hopcost("run", "--stack", "eks");
        assert.equal(status, 2);
        assert.match(stderr, /kubernetes:context.*must be set/);
    });
});
