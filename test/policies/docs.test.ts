import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { referencePage } from "../../policies/page.ts";
import { rules } from "../../policies/rules.ts";
import { findingsByPolicy, foreignManifests, foreignPrograms } from "./foreign.ts";

const path = new URL("../../docs/policies.md", import.meta.url);
const command = "UPDATE_DOCS=1 node test/run.ts test/policies/docs.test.ts";

/** The generated sections, by the name in the comments that enclose them in the page. */
async function generated(): Promise<Record<string, string>> {
    const sections: Record<string, string> = { reference: referencePage(rules) };
    for (const name of foreignPrograms) sections[name] = await findingsTable(name);
    return sections;
}

async function findingsTable(name: (typeof foreignPrograms)[number]): Promise<string> {
    const found = await findingsByPolicy(foreignManifests(name));
    const rows = found.flatMap(({ policy, findings }) => findings.map((finding) => `| \`${policy}\` | ${finding} |`));
    return ["| policy | what it finds |", "| --- | --- |", ...rows].join("\n");
}

/** The page with its generated sections renewed. */
function renewed(page: string, sections: Record<string, string>): string {
    return Object.entries(sections).reduce((text, [name, section]) => {
        const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
        const [before, after] = [text.indexOf(begin), text.indexOf(end)];
        assert.ok(
            before >= 0 && after > before,
            `docs/policies.md has no place for "${name}" between ${begin} and ${end}`,
        );
        return `${text.slice(0, before)}${begin}\n${section}\n${text.slice(after)}`;
    }, page);
}

describe("docs/policies.md", () => {
    it("contains the policies' own descriptions, and the findings of the pack in other programs", async () => {
        const page = readFileSync(path, "utf8");
        const expected = renewed(page, await generated());
        if (process.env.UPDATE_DOCS !== undefined) writeFileSync(path, expected);
        assert.equal(readFileSync(path, "utf8"), expected, `docs/policies.md is out of date: ${command}`);
    });
});
