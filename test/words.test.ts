import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
const own = "test/words.test.ts";

/**
 * What our English avoids, each with what to write instead. A pattern is here only if it is wrong nearly everywhere; a
 * right use is listed behind it.
 */
const avoided: readonly { pattern: RegExp; instead: string; wrong: string; right: string }[] = [
    { pattern: /\bfor want of\b/i, instead: "for lack of", wrong: "for want of memory", right: "for lack of memory" },
    {
        pattern: /\b(told|tell|tells|telling) apart\b/i,
        instead: "distinguish",
        wrong: "is not told apart",
        right: "can't be distinguished",
    },
    {
        pattern: /\b(is|are|be) heeded\b/i,
        instead: "respects",
        wrong: "NO_COLOR is heeded",
        right: "respects NO_COLOR",
    },
    {
        pattern: /\bbut for (the|a|an|its|those|what|that|one)\b/i,
        instead: "except",
        wrong: "all but for the last",
        right: "all except the last",
    },
    {
        pattern:
            /(?<!\b(there|it|this|that) )\b(is|was|are|were) no (?!longer|more|less|fewer|larger|later|slower|wider|such)[a-z]+/i,
        instead: "is not a",
        wrong: "this text is no number",
        right: "there is no number, it is no longer one",
    },
    { pattern: /[a-z] alone[.,;:)]/i, instead: "only", wrong: "with one arm alone.", right: "with only one arm." },
    { pattern: /\bmay not\b/i, instead: "isn't allowed to", wrong: "you may not list", right: "you must not list" },
    {
        pattern: /\b(in the way of|what of it|all of it that|of no account|thereof|whereof)\b/i,
        instead: "say it directly",
        wrong: "what of it can be had",
        right: "what can be had",
    },
    {
        pattern:
            /\bwhere (there (is|are|was|were)|it (is|was|can|does|has)|they (are|were|have|can)|one (is|was|has))\b/i,
        instead: "if",
        wrong: "absent where there is none",
        right: "the folder where results are",
    },
    {
        pattern: /\b(?<![.`$({])(tells?|told|telling)\b(?![(`:,.]? ?=>|\()/i,
        instead: "report, show, say, detect",
        wrong: "the log tells why",
        right: "the log says why",
    },
    {
        pattern: /\b(as|so) much as\b|\bby so much\b/i,
        instead: "a number",
        wrong: "differs by so much",
        right: "differs by 3%",
    },
    {
        pattern: /\ba (?!is\b|one\b|once\b|ones\b|eu|uni|us[ae])[aeio][a-z]+\b/,
        instead: "an",
        wrong: "a agent",
        right: "an agent, a one-off, a unit, a user",
    },
    {
        pattern: /\b(control (arms?|groups?|servers?)|journal blocks?|open[ -]loop)\b/i,
        instead: "ablation arm, cgroup, agent, trial, constant rate",
        wrong: "an open-loop cell",
        right: "a constant-rate cell of the control plane",
    },
    {
        pattern: /\bthings? (is|are) in the way\b/i,
        instead: "checks failed",
        wrong: "2 things are in the way",
        right: "2 checks failed",
    },
];

/** Texts of a file with the line each starts in: comments and literals of code, all of a document but its code blocks. */
function textsOf(path: string): { line: number; text: string }[] {
    const source = readFileSync(join(root, path), "utf8");
    if (extname(path) !== ".md" && extname(path) !== ".yaml") return textsOfCode(source);
    let fenced = false;
    return source.split("\n").flatMap((text, index) => {
        if (text.startsWith("```")) fenced = !fenced;
        return fenced ? [] : [{ line: index + 1, text }];
    });
}

function textsOfCode(source: string): { line: number; text: string }[] {
    const file = ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest, true);
    const texts: { at: number; text: string }[] = [];
    const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
            texts.push({ at: node.getStart(), text: node.text });
        ts.forEachChild(node, visit);
    };
    visit(file);
    // A comment that goes on in the next line is one text.
    for (const { index, 0: text } of source.matchAll(/\/\*\*?[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+|\/\/ .*$/gm))
        texts.push({ at: index, text: text.replace(/\n\s*(\*|\/\/)/g, " ") });
    return texts.map(({ at, text }) => ({ line: file.getLineAndCharacterOfPosition(at).line + 1, text }));
}

/** An avoided word in a file: `cli/a.ts:12: "for want of"`, by what to write instead. */
function foundIn(path: string): { instead: string; place: string }[] {
    return textsOf(path).flatMap(({ line, text }) =>
        avoided.flatMap(({ pattern, instead }) => {
            const found = pattern.exec(text);
            return found === null ? [] : [{ instead, place: `${path}:${line}: "${found[0]}"` }];
        }),
    );
}

describe("our English", () => {
    const files = globSync(["**/*.ts", "**/*.mjs", "**/*.md", "*.yaml", "policies/*.yaml"], {
        cwd: root,
        exclude: ["node_modules", "results", ".hopcost", "dist", "sandbox/toolchain/go", own],
    }).sort();

    it("is read in comments, literals and documents, and not in code", () => {
        const found = textsOfCode(
            `// for want of memory\nconst tell = \`a \${tell("is no x")} b\`; /** may\n * not */\n`,
        );
        assert.deepEqual(
            found.map(({ line, text }) => [line, text.trim()]),
            [
                [2, "a "],
                [2, "is no x"],
                [2, " b"],
                [1, "// for want of memory"],
                [2, "/** may  not */"],
            ].map(([line, text]) => [line, (text as string).trim()]),
        );
        assert.ok(files.length > 600, `${files.length} files`);
    });

    let found: { instead: string; place: string }[] = [];
    before(() => {
        found = files.flatMap(foundIn);
    });

    for (const { pattern, instead, wrong, right } of avoided) {
        it(`has "${instead}" rather than "${wrong}"`, () => {
            assert.match(wrong, pattern);
            assert.doesNotMatch(right, pattern);
            assert.deepEqual(
                found.filter((one) => one.instead === instead).map(({ place }) => place),
                [],
            );
        });
    }
});
