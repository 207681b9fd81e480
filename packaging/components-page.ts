/** The reference of the components, from their own doc comments: what docs/components.md shows. */
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
/** Characters of a type that is shown in full. */
const longestType = 60;
const entryPoint = join(root, "components", "index.ts");

/** A table of arguments and one of outputs for each component that the package exports, in Markdown. */
export function componentsPage(): string {
    const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const program = ts.createProgram([entryPoint], options);
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(entryPoint);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${entryPoint} exports nothing`);
    const classes = checker
        .getExportsOfModule(module)
        .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
        .flatMap((symbol) => symbol.declarations?.find(ts.isClassDeclaration) ?? []);
    return classes.flatMap((component) => sectionOf(component, checker) ?? []).join("\n\n");
}

/** Undefined for a class that is not a component. */
function sectionOf(component: ts.ClassDeclaration, checker: ts.TypeChecker): string | undefined {
    const maker = component.members.find(ts.isConstructorDeclaration);
    const args = maker?.parameters.find(({ name }) => name.getText() === "args");
    const symbol = component.name && checker.getSymbolAtLocation(component.name);
    if (args === undefined || symbol === undefined) return undefined;
    const given = checker.getTypeAtLocation(args).getProperties();
    const outputs = component.members
        .filter(ts.isPropertyDeclaration)
        .flatMap((member) => checker.getSymbolAtLocation(member.name) ?? []);
    return [
        `## ${symbol.name}`,
        docOf(symbol, checker),
        tableOf(
            ["argument", "default", "type", ""],
            given.map((one) => [
                `\`${one.name}\``,
                defaultOf(one, checker),
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

function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
    return oneLine(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

/** An argument without a default must be given. */
function defaultOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
    const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "default");
    if (tag === undefined) return symbol.flags & ts.SymbolFlags.Optional ? "none" : "**required**";
    const text = oneLine(ts.displayPartsToString(tag.text));
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

function oneLine(text: string): string {
    return text
        .replaceAll(/\s+/g, " ")
        .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
        .trim();
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
