import { sameInAll } from "../measured.ts";
import { canonical } from "../objects.ts";
import type { Container } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";

/** @see https://nodejs.org/api/cli.html#node_optionsoptions */
export const sameNodeFlags = stackRule(
    {
        name: "same-node-flags",
        group: "fairness",
        description:
            "All measured containers run Node with the same flags. Heap sizes and compilers decide more than a hop does.",
    },
    (objects) => sameInAll(objects, "the list of its Node flags", flags, "give both arms the same flags"),
);

/** Those of NODE_OPTIONS and of the command line, whose first other word is the program. */
function flags({ env = [], command = [], args = [] }: Container): string {
    // Kubernetes takes the last of several; what it refers to stands for what is there.
    const options = env.findLast(({ name }) => name === "NODE_OPTIONS");
    const given = options?.valueFrom === undefined ? (options?.value ?? "") : canonical(options.valueFrom);
    const words = [...command, ...args];
    // Where the image has the command the flags come first.
    const rest = words[0]?.startsWith("-") ? words : words.slice(1);
    const first = rest.findIndex((word) => !word.startsWith("-"));
    const direct = rest.slice(0, first === -1 ? undefined : first);
    return JSON.stringify([...given.split(/\s+/).filter((flag) => flag !== ""), ...direct]);
}
