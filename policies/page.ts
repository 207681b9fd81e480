import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { groups } from "./rule.ts";

type Rule = ResourceValidationPolicy | StackValidationPolicy;

/** The reference of all policies in Markdown, from their own descriptions: one table per group, and the settings. */
export function referencePage(rules: readonly Rule[]): string {
    const tables = groups.map((group) => {
        const mine = rules.filter(({ tags }) => tags?.includes(group));
        return [
            `### ${titleCase(group)}`,
            "",
            "| policy | level | checks | rule and reason |",
            "| --- | --- | --- | --- |",
            ...mine.map(row),
        ];
    });
    return [...tables.map((lines) => lines.join("\n")), settings(rules)].join("\n\n");
}

function row(rule: Rule): string {
    const looksAt = "validateStack" in rule ? "the stack" : "each resource";
    return `| \`${rule.name}\` | ${rule.enforcementLevel} | ${looksAt} | ${cell(rule.description)} |`;
}

function settings(rules: readonly Rule[]): string {
    const lines = rules.flatMap(({ name, configSchema }) =>
        Object.entries(configSchema?.properties ?? {}).map(([key, { type, default: value, description = "" }]) => {
            return `| \`${name}.${key}\` | ${String(type)} | \`${JSON.stringify(value)}\` | ${cell(description)} |`;
        }),
    );
    return ["### Settings", "", "| key | type | default | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function cell(text: string): string {
    return text.replaceAll("|", "\\|");
}

function titleCase(text: string): string {
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
