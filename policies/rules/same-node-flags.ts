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
            "All measured containers run Node with the same flags. Heap sizes and compilers affect times more than a hop does.",
    },
    (objects) => sameInAll(objects, "its list of Node flags", flags, "give both arms the same flags"),
);

/** The flags of NODE_OPTIONS and of the command line, up to its first word that is not a flag: the program. */
function flags({ env = [], command = [], args = [] }: Container): string {
    // Kubernetes takes the last of several; a reference is compared as it is written.
    const options = env.findLast(({ name }) => name === "NODE_OPTIONS");
    const given = options?.valueFrom === undefined ? (options?.value ?? "") : canonical(options.valueFrom);
    const words = [...command, ...args];
    // If the image has the command, the arguments begin with the flags.
    const rest = words[0]?.startsWith("-") ? words : words.slice(1);
    const first = rest.findIndex((word) => !word.startsWith("-"));
    const direct = rest.slice(0, first === -1 ? undefined : first);
    return JSON.stringify([...given.split(/\s+/).filter((flag) => flag !== ""), ...direct]);
}
