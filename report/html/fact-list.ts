import type { Element } from "hast";
import { h } from "hastscript";
import type { Fact } from "../facts.ts";
import { isUnavailable } from "../reading.ts";

/** Names and values; what is unavailable says so, and why. */
export function factList(facts: readonly Fact[]): Element {
    return h(
        "dl",
        { className: "facts" },
        facts.map(({ name, value }) =>
            h("div", [
                h("dt", name),
                isUnavailable(value)
                    ? h("dd", { className: "hint" }, `unavailable: ${value.unavailable}`)
                    : h("dd", value),
            ]),
        ),
    );
}
