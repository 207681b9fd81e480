import type { Results } from "../../model/results.ts";
import { environmentLine, formatTime } from "../findings/facts.ts";
import { adviceByYaml } from "../findings/rollout-yaml.ts";
import type { Grid, Row } from "../tables/grid.ts";
import { type Tables, tablesOf } from "../tables/tables.ts";
import { plural } from "../words/sentences.ts";

/** GitHub's limit for a pull request comment, in characters. */
const limit = 65_536;
/** Characters reserved for the sentence that lists what was left out. */
const reserve = 500;
/** Texts of the platform can be very long; this many characters show what they are about. */
const textLength = 1000;

/** A piece of the text that is left out as a unit. */
interface Part {
    name: string;
    text: string;
}

/**
 * Results as a pull request comment: the verdict, the main table, advice, the other tables folded, the warnings, the environment
 * in one line. At most 65,536 characters: pieces that don't fit are left out and listed at the end; verdicts go last.
 */
export function resultsMarkdown(runs: readonly Results[]): string {
    const parts = runs.map(partsOf);
    const kept = new Set<Part>();
    let room = limit - reserve;
    for (let rank = 0; parts.some(({ length }) => length > rank); rank++) {
        for (const part of parts.flatMap((ofRun) => ofRun[rank] ?? [])) {
            if (part.text.length >= room) continue;
            kept.add(part);
            room -= part.text.length + 1;
        }
    }
    const left = parts.flat().filter((part) => !kept.has(part));
    const texts = parts.flatMap((ofRun) => ofRun.filter((part) => kept.has(part)).map(({ text }) => text));
    return [...texts, ...leftOut(left)].join("\n");
}

function leftOut(parts: readonly Part[]): string[] {
    if (parts.length === 0) return [];
    const names = [...Map.groupBy(parts, ({ name }) => name)].map(([name, { length }]) =>
        length === 1 ? name : `${name} (${length} times)`,
    );
    return [`_Left out because of GitHub's size limit: ${names.join(", ")}. See the HTML report._\n`];
}

/** By rank: the first piece is left out last. */
function partsOf(results: Results): Part[] {
    const [main, ...others] = tablesOf(results);
    const { runId, startedAt, plan, complete, incompleteReason = "no reason given" } = results;
    const when = startedAt === "" ? "" : `, ${formatTime(startedAt)}`;
    const incomplete = complete ? "" : `> [!WARNING]\n> Incomplete run: ${escaped(incompleteReason)}\n\n`;
    return [
        {
            name: "the verdict",
            text: `### hopcost run ${escaped(runId)}\n\n${incomplete}**${escaped(results.summary)}**\n`,
        },
        {
            name: "the environment",
            text: `Profile ${escaped(plan.profile)}${when}: ${escaped(environmentLine(results))}.\n`,
        },
        ...(main === undefined ? [] : [{ name: main.title, text: main.grids.map(gridMarkdown).join("\n") }]),
        ...advicePart(results),
        ...warningsPart(results.warnings),
        ...others.map(folded),
    ];
}

/** Sentences, each group above the YAML that follows from it. */
function advicePart({ scenarios }: Results): Part[] {
    const groups = adviceByYaml(scenarios?.advice).map(({ texts, yaml }) => {
        const list = texts.map((text) => `- ${escaped(text)}\n`).join("");
        return `${list}\n\`\`\`yaml\n${yaml.replaceAll("`", "")}\n\`\`\`\n`;
    });
    return groups.length === 0 ? [] : [{ name: "the advice", text: groups.join("\n") }];
}

function warningsPart(warnings: readonly string[]): Part[] {
    if (warnings.length === 0) return [];
    const list = warnings.map((warning) => `- ${escaped(warning)}\n`).join("");
    return [{ name: "the warnings", text: details(plural(warnings.length, "warning"), list) }];
}

function folded({ title, grids }: Tables): Part {
    return { name: title, text: details(escaped(title), grids.map(gridMarkdown).join("\n")) };
}

/** The empty lines make GitHub parse the content as Markdown. */
function details(summary: string, content: string): string {
    return `<details><summary>${summary}</summary>\n\n${content}\n</details>\n`;
}

/** A grid as a GitHub Markdown table, which supports neither group titles nor texts that span all columns. */
function gridMarkdown({ caption, groups = [], head, rows, left }: Grid): string {
    const groupOf = groups.flatMap(({ title, columns }) => Array.from({ length: columns }, () => title));
    const heads = head.map((text, column) => [groupOf[column] ?? "", text].filter((part) => part !== "").join(" "));
    const line = (row: readonly string[]) => `| ${row.map(escaped).join(" | ")} |`;
    const aligned = head.map((_, column) => (left.includes(column) ? ":--" : "--:"));
    const rowText = (row: Row) => line(typeof row === "string" ? [row, ...head.slice(1).map(() => "")] : row);
    return [
        ...(caption === undefined ? [] : [`${escaped(caption)}\n`]),
        line(heads),
        `| ${aligned.join(" | ")} |`,
        ...rows.map(rowText),
        "",
    ].join("\n");
}

/** GitHub notifies people, and links issues, even if the character is escaped: this keeps it from the name. */
const zeroWidthSpace = "&#8203;";

/** A text that Markdown shows literally: on one line, with markup escaped. */
function escaped(text: string): string {
    const short = text.length > textLength ? `${text.slice(0, textLength)}...` : text;
    return short
        .replaceAll(/\s+/g, " ")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(/[\\`*_[\]|~!]/g, (character) => `\\${character}`)
        .replaceAll(/[#@]/g, (character) => `\\${character}${zeroWidthSpace}`);
}
