import { sameInAll } from "../measured.ts";
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
    const options = env.find(({ name }) => name === "NODE_OPTIONS")?.value ?? "";
    const words = [...command, ...args];
    const first = words.slice(1).findIndex((word) => !word.startsWith("-"));
    const direct = words.slice(1, first === -1 ? undefined : first + 1);
    return JSON.stringify([...options.split(/\s+/).filter((flag) => flag !== ""), ...direct]);
}
