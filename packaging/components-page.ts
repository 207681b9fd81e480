/** The reference of the components, from their own doc comments: what docs/components.md shows. */
import ts from "typescript";
import { type ComponentType, componentTypes, defaultOf, docOf, oneLine } from "./component-types.ts";

/** Characters of a type that is shown in full. */
const longestType = 60;

/** A table of arguments and one of outputs for each component that the package exports, in Markdown. */
export function componentsPage(): string {
    const { checker, components } = componentTypes();
    return components.map((component) => sectionOf(component, checker)).join("\n\n");
}

function sectionOf({ symbol, args, outputs }: ComponentType, checker: ts.TypeChecker): string {
    return [
        `## ${symbol.name}`,
        docOf(symbol, checker),
        tableOf(
            ["argument", "default", "type", ""],
            args.map((one) => [
                `\`${one.name}\``,
                shownDefault(one, checker),
                `\`${typeOf(one, checker)}\``,
                docOf(one, checker),
            ]),
        ),
        tableOf(
            ["output", "type", ""],
            outputs.map((one) => [`\`${one.name}\``, `\`${typeOf(one, checker)}\``, docOf(one, checker)]),
        ),
    ].join("\n\n");
}

/** An argument without a default must be given. */
function shownDefault(symbol: ts.Symbol, checker: ts.TypeChecker): string {
    const text = defaultOf(symbol, checker);
    if (text === undefined) return symbol.flags & ts.SymbolFlags.Optional ? "none" : "**required**";
    return /^(".*"|\[.*\]|\{.*\}|true|false)$/.test(text) ? `\`${text}\`` : text;
}

/** In full if that is short, else as it is declared. */
function typeOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
    const whole = checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, ts.TypeFormatFlags.NoTruncation);
    const declared = symbol.valueDeclaration as ts.PropertySignature | ts.PropertyDeclaration | undefined;
    const text = whole.length <= longestType ? whole : (declared?.type?.getText() ?? whole);
    return oneLine(text)
        .replaceAll("pulumi.", "")
        .replace(/ \| undefined$/, "");
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
