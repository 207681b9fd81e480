import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { Checked } from "../../../model/check.ts";
import { readJunit } from "../../report/formats/junit-reader.ts";
import { scenarioRunOf } from "../../report/injections.ts";
import { hopcost, type ResultFiles, writeResultFiles } from "../result-files.ts";

/** The name of a file, or the argument itself. */
type Argument = keyof ResultFiles["file"] | (string & {});

describe("hopcost check", function () {
    this.timeout(30_000); // a process each
    let files: ResultFiles;
    before(() => {
        files = writeResultFiles();
    });
    after(() => files.remove());
    const check = (...args: readonly Argument[]) => {
        const known = args.map((arg) => (Object.hasOwn(files.file, arg) ? files.file[arg as "a"] : arg));
        return hopcost("check", ...known);
    };

    for (const [name, args, status, stderr] of [
        ["what is within its limits", ["a", "--max-ratio", "12"], 0, ""],
        [
            "what is beyond one",
            ["a", "--max-ratio", "12", "--max-ratio", "64B=3"],
            99,
            "hopcost: 1 of 2 checks failed: volume / network at 64 B\n",
        ],
        [
            "what is not decided",
            ["a", "--max-p99", "64B=5ms"],
            0,
            "hopcost: 2 of 2 checks could not be decided (a failure only with --strict): p99 of network/cluster-ip at 64 B; p99 of volume/chokidar at 64 B\n",
        ],
        [
            "what is not decided, with --strict",
            ["a", "--max-p99", "network/cluster-ip@64B=5ms", "--strict"],
            99,
            "hopcost: 1 of 1 check could not be decided (a failure because of --strict): p99 of network/cluster-ip at 64 B\n",
        ],
        ["what is within its limits, with --strict", ["a", "--max-ratio", "12", "--strict"], 0, ""],
        ["a change within the limit", ["b", "--max-change", "10%", "--baseline", "a"], 0, ""],
        [
            "a change beyond the limit",
            ["slow", "--max-change", "10%", "--baseline", "a"],
            99,
            "hopcost: 3 of 6 checks failed: change of volume/chokidar at 64 B; change of volume/chokidar at 1 KiB; change of volume/chokidar over all sizes\n",
        ],
        [
            "a change beyond the limit of another arm",
            ["slow", "--max-change", "10%", "--max-change", "volume/chokidar=30%", "--baseline", "a"],
            0,
            "",
        ],
        [
            "another environment where that was allowed",
            ["other", "--max-change", "10%", "--baseline", "a", "--allow-different"],
            0,
            "",
        ],
        ["an incomplete run with all that is asked for", ["partial", "--max-ratio", "12"], 0, ""],
        [
            "a run without limits",
            ["a"],
            2,
            "hopcost: give at least one limit: --max-ratio 12, --max-p99 5ms, --max-change 10% with --baseline RUN, or of scenarios --max-outage delete-pod=5s, --max-failed not-ready=0, --max-start-up 3s\n",
        ],
        [
            "a change without a baseline",
            ["a", "--max-change", "10%"],
            2,
            "hopcost: --max-change needs --baseline RUN: the run or runs that a change is relative to\n",
        ],
        [
            "options that belong to others, all at once",
            ["a", "--max-ratio", "x", "--allow-different"],
            2,
            /^hopcost: --allow-different needs --baseline RUN\n--max-ratio "x": .* 12 or 64B=12; got "x"\n$/,
        ],
        [
            "a baseline for nothing",
            ["a", "--max-ratio", "12", "--baseline", "b"],
            2,
            "hopcost: --baseline needs --max-change, e.g. --max-change 10%\n",
        ],
        [
            "a limit on scenarios of a run without any",
            ["a", "--max-start-up", "3s"],
            2,
            'hopcost: --max-start-up "3s": applies to nothing in run run-1, which has no scenarios\n',
        ],
        [
            "a limit that applies to nothing",
            ["a", "--max-ratio", "2KiB=12"],
            2,
            /^hopcost: --max-ratio "2KiB=12": .*\brun-1\b.* network\/cluster-ip, volume\/chokidar, .* 64 B, 1 KiB\n$/,
        ],
        [
            "another environment",
            ["other", "--max-change", "10%", "--baseline", "a"],
            2,
            `hopcost: The baseline (A) and the run (B) were measured under different conditions, so a change may come from these differences:
  environment.kernel: A has 6.1.0, B has 6.2.0
  environment.cpus: A has 2, B has 4
Measure both under the same conditions, or compare them anyway with --allow-different
`,
        ],
    ] as const satisfies readonly (readonly [string, readonly Argument[], number, string | RegExp])[]) {
        it(`ends with ${status} for ${name}`, () => {
            const ended = check(...args);
            assert.equal(ended.status, status);
            if (typeof stderr === "string") assert.equal(ended.stderr, stderr);
            else assert.match(ended.stderr, stderr);
            assert.equal(ended.stdout === "", status === 2);
        });
    }

    it("ends with 2 for files that can't be read or written", () => {
        const unwritable = "/proc/nowhere/junit.xml";
        for (const [args, reason] of [
            [["broken", "--max-ratio", "12"], /^hopcost: \S+broken\.json: not JSON/],
            [
                ["b", "--max-change", "10%", "--baseline", files.summarised],
                /^hopcost: --baseline \S+b-output\.json contains run run-2, the one being checked; name an earlier run\n$/,
            ],
            [["a", "--max-change", "10%", "--baseline", "broken"], /^hopcost: \S+broken\.json: not JSON/],
            [
                ["a", "--max-ratio", "12", "--junit", unwritable],
                /^hopcost: --junit \S+junit\.xml: can't be written: ENOENT: .*; name another file\n$/,
            ],
        ] as const) {
            const { status, stdout, stderr } = check(...args);
            assert.deepEqual([status, stdout], [2, ""], stderr);
            assert.match(stderr, reason);
        }
    });

    it("takes a run's folder, and several runs as a baseline", () => {
        const { a, b, c } = files.file;
        const { status, stdout } = check(files.folder, "--max-change", "10%", "--baseline", `${a},${b},${c}`);
        assert.equal(status, 0);
        assert.match(stdout, /^All 6 checks passed\.\n\nRun run-5 against run-1, run-2, run-3\n\nfigure/);
    });

    it("prints JSON as its schema says, also where it fails", () => {
        const { status, stdout } = check("a", "--max-ratio", "3", "--json");
        assert.equal(status, 99);
        const checked = JSON.parse(stdout);
        assert.deepEqual([...Value.Errors(Checked, checked)], []);
        assert.deepEqual(
            checked.checks.map(({ outcome }: { outcome: string }) => outcome),
            ["fail", "fail"],
        );
    });

    it("writes JUnit XML that says the same, where it fails and where --strict makes it", () => {
        const path = join(files.scratch, "new", "junit.xml");
        for (const [args, expected] of [
            [
                ["a", "--max-ratio", "12", "--max-ratio", "64B=3"],
                { tests: "2", failures: "1", errors: "0", skipped: "0" },
            ],
            [["a", "--max-p99", "64B=5ms"], { tests: "2", failures: "0", errors: "0", skipped: "2" }],
            [["a", "--max-p99", "64B=5ms", "--strict"], { tests: "2", failures: "2", errors: "0", skipped: "0" }],
        ] as const) {
            check(...args, "--junit", path);
            assert.deepEqual(readJunit(readFileSync(path, "utf8")).attributes, expected);
            const { stdout } = check(...args, "--junit", "-");
            assert.deepEqual(readJunit(stdout).attributes, expected, "stdout has only that");
        }
        assert.equal(existsSync("-"), false);
    });

    it("judges the scenarios of a run, each in both topologies", () => {
        const path = join(files.scratch, "scenarios.json");
        writeFileSync(path, JSON.stringify(scenarioRunOf()));
        for (const [args, status, stderr] of [
            [["--max-outage", "kill-process=9s", "--max-start-up", "9s"], 0, ""],
            [
                ["--max-outage", "hang=9s", "--max-failed", "not-ready=0"],
                99,
                "hopcost: 3 of 4 checks failed: outage of hang (network); outage of hang (volume); undelivered messages of not-ready (network)\n",
            ],
            [
                ["--max-outage", "meteor=9s"],
                2,
                'hopcost: --max-outage "meteor=9s": applies to nothing in run run-1, which has kill-process, hang, not-ready, start-up\n',
            ],
            [
                ["--max-outage", "5s"],
                2,
                'hopcost: --max-outage "5s": must be a scenario and a time in us, ms or s, e.g. delete-pod=5s or delete-pod/grace-0=500ms\n',
            ],
        ] as const) {
            const ended = check(path, ...args);
            assert.deepEqual([ended.status, ended.stderr], [status, stderr]);
        }
        const checked = JSON.parse(check(path, "--max-outage", "hang=9s", "--json").stdout);
        assert.deepEqual([...Value.Errors(Checked, checked)], []);
        assert.deepEqual(
            checked.checks.map(({ topology, value }: { topology: string; value: unknown }) => [topology, typeof value]),
            [
                ["network", "object"],
                ["volume", "number"],
            ],
        );
    });

    it("leaves no JUnit XML of an earlier run if it can't read this one", () => {
        const path = join(files.scratch, "stale.xml");
        writeFileSync(path, "<testsuites/>");
        assert.equal(check("broken", "--max-ratio", "12", "--junit", path).status, 2);
        assert.equal(existsSync(path), false);
    });
});
