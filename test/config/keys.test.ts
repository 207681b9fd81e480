import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { parse } from "yaml";
import { stackTemplate } from "../../cli/commands/init.ts";
import { projectRoot } from "../../cli/project.ts";
import { configKeys, keys, keysTable, stackFileSchema } from "../../config/keys.ts";
import { allArms } from "../../model/arms.ts";
import { assertGenerated, assertGeneratedSchema } from "../support/generated.ts";
import { config } from "./fixtures.ts";

const schemaFile = join(projectRoot, "config", "stack-file.schema.json");

describe("the keys of a stack file", () => {
    it("are documented in docs/configuration.md, with every arm", () => {
        assertGenerated("configuration.md", { keys: keysTable() }, "test/config/keys.test.ts");
        const page = readFileSync(join(projectRoot, "docs", "configuration.md"), "utf8");
        const found = [...page.matchAll(/`((?:network|volume|floor)\/[\w-]+)`/g)].map(([, name]) => name);
        assert.deepEqual([...new Set(found)].sort(), [...allArms].sort());
    });

    it("have the defaults that the documentation says", () => {
        const { plan, ...others } = config();
        const values: Record<string, unknown> = { ...others, ...plan };
        const plain = configKeys.filter((name) => /^`[^<`]+`$/.test(keys[name].default) && name in values);
        assert.ok(plain.length > 10, plain.join());
        for (const name of plain.filter((name) => typeof values[name] !== "object"))
            assert.equal(`\`${values[name]}\``, keys[name].default, name);
    });

    it("are in the JSON Schema for editors", () => {
        assertGeneratedSchema(schemaFile, stackFileSchema(), "test/config/keys.test.ts");
    });

    it("have schemas that our stack files fit, and those that hopcost init writes", () => {
        const files = globSync("Pulumi.*.yaml", { cwd: projectRoot }).map((file) => readFileSync(file, "utf8"));
        const template = stackTemplate("mine", "kind").replaceAll(/^ {2}# (?=hopcost:)/gm, "  ");
        for (const text of [...files, template])
            for (const [key, value] of Object.entries((parse(text).config ?? {}) as object)) {
                if (!key.startsWith("hopcost:")) continue;
                const known = keys[key.slice("hopcost:".length) as keyof typeof keys];
                assert.ok(known !== undefined && Value.Check(known.schema, value), `${key}: ${JSON.stringify(value)}`);
            }
        assert.ok(!Value.Check(keys.placement.schema, "moon"));
        assert.ok(!Value.Check(keys.rounds.schema, 0));
    });
});
