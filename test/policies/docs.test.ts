import { referencePage } from "../../policies/page.ts";
import { rules } from "../../policies/rules.ts";
import { assertGenerated } from "../support/generated.ts";
import { findingsByPolicy, foreignManifests, foreignPrograms } from "./foreign.ts";

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

describe("docs/policies.md", () => {
    it("contains the policies' own descriptions, and the findings of the pack in other programs", async () => {
        assertGenerated("policies.md", await generated(), "test/policies/docs.test.ts");
    });
});
