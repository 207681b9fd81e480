import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { groups } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { textsOf } from "../support/texts.ts";
import { goodProgram } from "./program.ts";
import { findingsOf } from "./support.ts";

const asText = textsOf("policies/pack");

const here = new URL(".", import.meta.url);
const folder = new URL("../../policies/", here);

describe("the policy pack", () => {
    it("has unique policy names, each with a file of that name and a test of that name", () => {
        const names = rules.map(({ name }) => name).sort();
        const files = readdirSync(new URL("rules", folder)).sort();
        assert.deepEqual(
            files,
            names.map((name) => `${name}.ts`),
        );
        const untested = names.filter((name) => !existsSync(new URL(`rules/${name}.test.ts`, here)));
        assert.deepEqual(untested, []);
    });

    it("has policies of each group, all mandatory, with descriptions of whole sentences", () => {
        const byGroup = Map.groupBy(rules, ({ tags }) => tags?.[0]);
        assert.deepEqual([...byGroup.keys()], [...groups]);
        for (const { name, description, enforcementLevel, tags } of rules) {
            assert.equal(enforcementLevel, "mandatory", name);
            assert.equal(tags?.length, 1, name);
            assert.match(description, /^[A-Z].*\.$/, name);
        }
    });

    it("has a default and a description for each setting", () => {
        const schemas = rules.flatMap(({ name, configSchema }) =>
            Object.entries(configSchema?.properties ?? {}).map(([key, schema]) => ({ key: `${name}.${key}`, schema })),
        );
        assert.ok(schemas.length >= 8);
        for (const { key, schema } of schemas) {
            assert.ok(schema.type !== undefined && schema.default !== undefined, key);
            assert.match(schema.description ?? "", /^[A-Z].*\.$/, key);
        }
    });

    it("refuses an unknown setting: a misspelt one would silently leave the default", async () => {
        const wrong = (name: string, config: object) => {
            const rule = rules.find((one) => one.name === name);
            assert.ok(rule);
            return findingsOf(rule, goodProgram, config);
        };
        await assert.rejects(wrong("measured-cpu-limit", { minCore: 2 }), ({ message }: Error) => {
            assert.match(message, /^policy measured-cpu-limit: .*\bminCores\b.*\bminCore\b/);
            asText("a misspelt setting", message);
            return true;
        });
        await assert.rejects(wrong("same-image", { exempt: [] }), ({ message }: Error) => {
            assert.match(message, /^policy same-image: .*\bexempt\b/);
            asText("a setting of a policy without settings", message);
            return true;
        });
    });

    it("finds nothing in a correct program", async () => {
        for (const rule of rules) assert.deepEqual(await findingsOf(rule, goodProgram), [], rule.name);
    });

    it("imports nothing from outside its folder, so that it works for any program", () => {
        const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
            /\.(ts|mjs)$/.test(name),
        );
        const outside = files.flatMap((file) => {
            const imports = [...readFileSync(new URL(file, folder), "utf8").matchAll(/(?:from|import) "([^"]+)"/g)];
            const paths = imports.map(([, path = ""]) => path);
            const base = new URL(file, folder);
            return paths.filter((path) => path.startsWith(".") && !new URL(path, base).href.startsWith(folder.href));
        });
        assert.deepEqual(outside, []);
    });
});
