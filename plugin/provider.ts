/** The components as a Pulumi provider, for programs in other languages than TypeScript. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob, MetricsStack, NetworkPair, SharedVolumePod, WorkloadCode } from "../components/index.ts";

type Component = new (name: string, args: never, options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

const components: Record<string, Component> = {
    BenchmarkJob,
    MetricsStack,
    NetworkPair,
    SharedVolumePod,
    WorkloadCode,
};

const schema: { version: string; resources: Record<string, { properties: object }> } = JSON.parse(
    readFileSync(join(import.meta.dirname, "schema.json"), "utf8"),
);

/** What Pulumi's engine asks: the schema, and one component after another. */
export const provider: pulumi.provider.Provider = {
    version: schema.version,
    schema: JSON.stringify(schema),
    construct: async (name, type, inputs, options) => {
        const outputs = schema.resources[type]?.properties;
        const Component = components[type.split(":")[2] ?? ""];
        if (outputs === undefined || Component === undefined)
            throw new Error(`hopcost has no component ${type}; it has ${Object.keys(schema.resources).join(", ")}`);
        const args = await plainArgs(inputs);
        const component =
            args === undefined
                ? new pulumi.ComponentResource(type, name, inputs, options)
                : new Component(name, args as never, options);
        const state = Object.keys(outputs).map((key) => [key, (component as unknown as pulumi.Inputs)[key]]);
        return { urn: component.urn, state: Object.fromEntries(state) };
    },
};

/** Arguments of a `BenchmarkJob` that decide what it creates, and are outputs of other components. */
const deciding = ["network", "volume", "instances"];

/**
 * The arguments as the components take them.
 * @returns undefined if one that decides what is created is unknown, as in the preview of a first deployment: then only the
 * component itself can be shown
 */
async function plainArgs(inputs: pulumi.Inputs): Promise<pulumi.Inputs | undefined> {
    const known = deciding
        .filter((key) => inputs[key] !== undefined)
        .map(async (key) => [key, await knownValue(inputs[key])]);
    const values = Object.fromEntries(await Promise.all(known));
    return Object.values(values).includes(undefined) ? undefined : { ...inputs, ...values };
}

/** The value of an input; undefined if it is unknown. */
async function knownValue(input: pulumi.Input<unknown>): Promise<unknown> {
    // Not in the types of an output, but how Pulumi's own server of providers reads one.
    const output = pulumi.output(input) as unknown as { isKnown: Promise<boolean>; promise(): Promise<unknown> };
    return (await output.isKnown) ? await output.promise() : undefined;
}
