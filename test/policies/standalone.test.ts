import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

interface Package {
    version: string;
    main: string;
    engines: { node: string };
    dependencies: Record<string, string>;
}

describe("a copy of policies/ beside somebody else's program", () => {
    const [ours, pack] = ["package.json", "policies/package.json"].map((path) => JSON.parse(read(path))) as [
        Package,
        Package,
    ];

    it("has the version, the Node and the libraries of this repository", () => {
        assert.deepEqual([pack.version, pack.engines], [ours.version, ours.engines]);
        for (const [name, version] of Object.entries(pack.dependencies))
            assert.equal(version, ours.dependencies[name], name);
        assert.ok(existsSync(new URL(`policies/${pack.main}`, root)));
    });

    it("installs every library that it imports, except type-only imports", () => {
        const files = readdirSync(new URL("policies", root), { recursive: true, encoding: "utf8" });
        const imported = files
            .filter((file) => file.endsWith(".ts"))
            .flatMap((file) => [...read(`policies/${file}`).matchAll(/^import (?!type )[^;]*? from "(@?[\w/-]+)"/gm)])
            .map(([, name = ""]) => name);
        assert.deepEqual([...new Set(imported)], ["@pulumi/policy"]);
        assert.ok("@pulumi/policy" in pack.dependencies);
    });

    it("has a workflow that pins its actions by commit, and hides its token from code of the pull request", () => {
        const { permissions, jobs } = parse(read("examples/pr-check/policies.yml")) as {
            permissions: Record<string, string>;
            jobs: Record<string, { steps: { uses?: string; with?: Record<string, unknown> }[] }>;
        };
        assert.deepEqual(permissions, { contents: "read" });
        const steps = Object.values(jobs).flatMap((job) => job.steps.filter(({ uses }) => uses !== undefined));
        assert.equal(steps.length, 3);
        for (const { uses = "" } of steps) assert.match(uses, /@[0-9a-f]{40}$/);
        assert.deepEqual(steps[0]?.with, { "persist-credentials": false });
    });

    it("has a workflow in examples/pr-check that uses only the copied files: the pack and the annotation script", () => {
        const { jobs } = parse(read("examples/pr-check/policies.yml")) as {
            jobs: Record<string, { env: Record<string, string>; steps: { run?: string }[] }>;
        };
        // Without this variable, Pulumi rejects --event-log.
        assert.deepEqual(
            Object.values(jobs).map(({ env }) => env.PULUMI_DEBUG_COMMANDS),
            ["true"],
        );
        const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
        const [install = "", preview = "", annotate = ""] = commands;
        assert.match(install, /npm install --prefix policies /);
        assert.match(
            preview,
            /pulumi preview --stack "\$STACK" --policy-pack policies --event-log events\.jsonl \|\| true/,
        );
        assert.equal(annotate, "node policies/annotate.ts events.jsonl Pulumi.yaml");
        assert.ok(existsSync(new URL("policies/annotate.ts", root)));
    });
});
