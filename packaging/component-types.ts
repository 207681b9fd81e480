/** The components that the package exports, as the compiler sees them: their reference and their schema are made of it. */
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
const entryPoint = join(root, "components", "index.ts");

/** A component: its name, its description, and its arguments and outputs. */
export interface ComponentType {
    symbol: ts.Symbol;
    args: readonly ts.Symbol[];
    outputs: readonly ts.Symbol[];
}

/** All of them, in the order of their names in components/index.ts, and the checker that knows their types. */
export function componentTypes(): { checker: ts.TypeChecker; components: ComponentType[] } {
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
    return { checker, components: classes.flatMap((declaration) => componentOf(declaration, checker) ?? []) };
}

/** Undefined for a class that is not a component. */
function componentOf(declaration: ts.ClassDeclaration, checker: ts.TypeChecker): ComponentType | undefined {
    const maker = declaration.members.find(ts.isConstructorDeclaration);
    const args = maker?.parameters.find(({ name }) => name.getText() === "args");
    const symbol = declaration.name && checker.getSymbolAtLocation(declaration.name);
    if (args === undefined || symbol === undefined) return undefined;
    const outputs = declaration.members
        .filter(ts.isPropertyDeclaration)
        .flatMap((member) => checker.getSymbolAtLocation(member.name) ?? []);
    return { symbol, args: checker.getTypeAtLocation(args).getProperties(), outputs };
}

/** The description in a doc comment, in one line. */
export function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
    return oneLine(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

/** The default in a doc comment; undefined if it names none. */
export function defaultOf(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
    const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "default");
    return tag && oneLine(ts.displayPartsToString(tag.text));
}

/** Without line breaks and links. */
export function oneLine(text: string): string {
    return text
        .replaceAll(/\s+/g, " ")
        .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
        .trim();
}
