/** Pulumi's schema of the components, from their own types, for programs in other languages: what plugin/schema.json holds. */
import ts from "typescript";
import packageJson from "../package.json" with { type: "json" };
import { componentTypes, defaultOf, docOf } from "./component-types.ts";

/** A type as the schema has it; that of a property has a description. */
type Shape = Record<string, unknown>;

/** The languages whose generators should respect the version of the schema. */
const languages = ["nodejs", "python", "go", "csharp", "java"];
/** Around types whose values may become known only in the cluster. */
const wrappers: readonly string[] = ["Input", "Output"];
const anything = { $ref: "pulumi.json#/Any" };
/** Outputs whose type is results.schema.json. */
const documents: readonly string[] = ["results", "outline"];

/**
 * @returns the schema of the package `hopcost`, as `pulumi package get-schema` shows it
 * @throws Error if a type can't be said in a schema, or an argument must be plain and not
 */
export function pluginSchema(): Shape {
    const { checker, components } = componentTypes();
    const types = new SchemaTypes(checker);
    // First: what a component puts out may be unknown, also where it goes in.
    const properties = components.map(({ symbol, outputs }) => types.properties(outputs, symbol.name, false));
    const inputs = components.map(({ symbol, args }) => types.properties(args, symbol.name, true));
    const resources = components.map(({ symbol, args, outputs }, index) => [
        tokenOf(symbol.name),
        {
            isComponent: true,
            description: docOf(symbol, checker),
            inputProperties: inputs[index],
            requiredInputs: requiredOf(args),
            properties: properties[index],
            required: requiredOf(outputs),
        },
    ]);
    const { name, version, description, license } = packageJson;
    return {
        ...{ name, version, description, license },
        resources: Object.fromEntries(resources),
        types: Object.fromEntries([...types.named].map(([type, { shape }]) => [tokenOf(type), shape])),
        language: Object.fromEntries(languages.map((language) => [language, { respectSchemaVersion: true }])),
    };
}

function tokenOf(name: string): string {
    return `${packageJson.name}:index:${name}`;
}

function requiredOf(symbols: readonly ts.Symbol[]): string[] {
    return symbols
        .filter((symbol) => !isOptional(symbol))
        .map(({ name }) => name)
        .sort();
}

function isOptional(symbol: ts.Symbol): boolean {
    const declared = symbol.valueDeclaration as ts.PropertySignature | ts.PropertyDeclaration | undefined;
    return (symbol.flags & ts.SymbolFlags.Optional) !== 0 || /\| undefined$/.test(declared?.type?.getText() ?? "");
}

/** The types of properties, of which objects and choices have names. */
class SchemaTypes {
    /** By name. `isPlain`: only in arguments whose value must be known. */
    readonly named = new Map<string, { shape: Shape; isPlain: boolean }>();
    readonly #checker: ts.TypeChecker;

    constructor(checker: ts.TypeChecker) {
        this.#checker = checker;
    }

    /** @param owner whose properties they are @param isPlain whether their values must be known, unless they are an `Input` */
    properties(symbols: readonly ts.Symbol[], owner: string, isPlain: boolean): Shape {
        return Object.fromEntries(
            symbols.map((symbol) => {
                const name = declaredName(symbol) ?? `${owner}${pascalCase(symbol.name)}`;
                const byDefault = defaultOf(symbol, this.#checker);
                const description = docOf(symbol, this.#checker) + (byDefault ? ` Default: ${byDefault}.` : "");
                const type = this.#checker.getTypeOfSymbol(symbol);
                const shape = documents.includes(symbol.name) ? anything : this.#shapeOf(type, name, isPlain);
                return [symbol.name, { ...shape, ...(description && { description }) }];
            }),
        );
    }

    /** @param where name of the type, if it is an object or a choice */
    #shapeOf(type: ts.Type, where: string, isPlain: boolean): Shape {
        const checker = this.#checker;
        const [inner] = type.aliasTypeArguments ?? [];
        if (wrappers.includes(type.aliasSymbol?.name ?? "") && inner !== undefined)
            return this.#shapeOf(inner, where, false);
        if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return anything;
        const plain = isPlain && { plain: true };
        if (type.flags & ts.TypeFlags.String) return { type: "string", ...plain };
        if (type.flags & ts.TypeFlags.Number) return { type: "number", ...plain };
        if (type.flags & ts.TypeFlags.BooleanLike) return { type: "boolean", ...plain };
        if (type.isUnion()) return this.#unionOf(type, where, isPlain);
        if (type.isStringLiteral()) return { type: "string", ...plain };
        if (checker.isArrayType(type)) {
            const [item] = checker.getTypeArguments(type as ts.TypeReference);
            if (item !== undefined) return { type: "array", items: this.#shapeOf(item, where, isPlain), ...plain };
        }
        const values = checker.getIndexInfoOfType(type, ts.IndexKind.String)?.type;
        if (values !== undefined)
            return { type: "object", additionalProperties: this.#shapeOf(values, where, isPlain), ...plain };
        if (type.flags & ts.TypeFlags.Object) return this.#objectOf(type, where, isPlain);
        throw new Error(`${where}: ${checker.typeToString(type)} can't be said in a schema`);
    }

    #unionOf(type: ts.UnionType, where: string, isPlain: boolean): Shape {
        const { types } = type;
        if (types.some(({ flags }) => flags & ts.TypeFlags.Undefined))
            return this.#shapeOf(this.#checker.getNonNullableType(type), where, isPlain);
        const plain = isPlain && { plain: true };
        if (types.every(({ flags }) => flags & ts.TypeFlags.BooleanLike)) return { type: "boolean", ...plain };
        if (types.every((one) => one.isStringLiteral())) {
            // Pulumi's YAML takes no output that is a choice for an input that is the same choice.
            if (!isPlain) return { type: "string" };
            const choices = types.map(({ value }) => ({ name: pascalCase(value), value }));
            this.named.set(where, { shape: { type: "string", enum: choices }, isPlain });
            return { $ref: `#/types/${tokenOf(where)}`, ...plain };
        }
        return { oneOf: types.map((one) => this.#shapeOf(one, where, isPlain)), ...plain };
    }

    #objectOf(type: ts.Type, name: string, isPlain: boolean): Shape {
        const known = this.named.get(name);
        // What is an output somewhere is never plain.
        const isPlainType = known?.isPlain ?? isPlain;
        if (known === undefined) {
            this.named.set(name, { shape: {}, isPlain }); // it may contain itself
            const symbols = type.getProperties();
            const properties = this.properties(symbols, name, isPlain);
            const required = requiredOf(symbols);
            this.named.set(name, { shape: { type: "object", properties, required }, isPlain });
        }
        if (isPlainType && !isPlain) throw new Error(`${name} must be plain, and not`);
        return { $ref: `#/types/${tokenOf(name)}`, ...(isPlainType && { plain: true }) };
    }
}

/** The name of a property's type as it is declared: `Instance` for `pulumi.Input<Instance>[]`; undefined if it has none. */
function declaredName(symbol: ts.Symbol): string | undefined {
    const declaration = symbol.valueDeclaration;
    // Of a schema: the schema of the property has the same name as its type.
    if (declaration && ts.isPropertyAssignment(declaration))
        return ts.isIdentifier(declaration.initializer) ? declaration.initializer.text : undefined;
    let node = (declaration as ts.PropertySignature | undefined)?.type;
    for (;;) {
        if (node === undefined) return undefined;
        if (ts.isTypeOperatorNode(node)) node = node.type;
        else if (ts.isArrayTypeNode(node)) node = node.elementType;
        else if (!ts.isTypeReferenceNode(node)) return undefined;
        else if (node.typeArguments === undefined) return node.typeName.getText();
        else node = node.typeArguments.at(-1); // of `Input<T>` and `Record<string, T>`
    }
}

/** `SameNode` for `same-node`. */
function pascalCase(text: string): string {
    return text
        .split(/[^A-Za-z0-9]+/)
        .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
        .join("");
}
