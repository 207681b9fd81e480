import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const root = join(import.meta.dirname, "..");

/** What the files of a room may import besides each other, by the table of CONTRIBUTING.md. */
function allowedByRoom(markdown: string): Map<string, string[]> {
    const rows = markdown.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm);
    return new Map(
        [...rows].map(([, room = "", allowed = ""]) => [room, allowed === "nothing" ? [] : allowed.split(", ")]),
    );
}

/** The room of a file: the longest one that holds it. */
function roomOf(file: string, rooms: Iterable<string>): string | undefined {
    const holding = [...rooms].filter((room) => file === room || file.startsWith(`${room}/`));
    return holding.sort((one, other) => other.length - one.length)[0];
}

/** Files of ours that a module imports, types and imports on demand included. */
function importsOf(file: string, text: string): string[] {
    const specifiers = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g);
    return [...specifiers].map(([, specifier = ""]) => normalize(join(dirname(file), specifier)));
}

describe("import directions", () => {
    const allowed = allowedByRoom(readFileSync(join(root, "CONTRIBUTING.md"), "utf8"));
    const files = globSync("**/*.{ts,mjs}", {
        cwd: root,
        exclude: ["node_modules", "test", "results", ".hopcost", "dist", "sandbox/toolchain/go"],
    }).sort();

    it("reads the table and the code", () => {
        assert.deepEqual(allowed.get("statistics"), ["model"]);
        assert.deepEqual(allowed.get("policies"), []);
        assert.ok(files.length > 300, `${files.length} files`);
        assert.deepEqual(importsOf("cli/a.ts", 'import { b } from "../b.ts";\nawait import(\n"./c.ts")'), [
            "b.ts",
            "cli/c.ts",
        ]);
    });

    it("has a room for every file", () => {
        assert.deepEqual(
            files.filter((file) => roomOf(file, allowed.keys()) === undefined),
            [],
        );
    });

    it("are those of the table in CONTRIBUTING.md", () => {
        const wrong = files.flatMap((file) => {
            const room = roomOf(file, allowed.keys()) as string;
            return importsOf(file, readFileSync(join(root, file), "utf8"))
                .filter((target) => target !== "package.json")
                .filter(
                    (target) => ![room, ...(allowed.get(room) ?? [])].includes(roomOf(target, allowed.keys()) ?? ""),
                )
                .map((target) => `${file} imports ${target}`);
        });
        assert.deepEqual(wrong, []);
    });

    it("name no room that is not imported", () => {
        const used = new Set(
            files.flatMap((file) =>
                importsOf(file, readFileSync(join(root, file), "utf8")).map(
                    (target) => `${roomOf(file, allowed.keys())} -> ${roomOf(target, allowed.keys())}`,
                ),
            ),
        );
        const idle = [...allowed].flatMap(([room, others]) =>
            others.map((other) => `${room} -> ${other}`).filter((edge) => !used.has(edge)),
        );
        assert.deepEqual(idle, []);
    });
});
