import type { Element } from "hast";
import { h } from "hastscript";
import { isUnavailable } from "../../../model/reading.ts";
import type { Fact } from "../../findings/facts.ts";

/** A longer value gets its own line. */
const longLength = 120;

/** Names and values; an unavailable one has its reason. */
export function factList(facts: readonly Fact[]): Element {
    return h(
        "dl",
        { className: "facts" },
        facts.map(({ name, value }) =>
            h("div", text(value).length > longLength ? { className: "long" } : {}, [
                h("dt", name),
                h("dd", isUnavailable(value) ? { className: "hint" } : {}, text(value)),
            ]),
        ),
    );
}

function text(value: Fact["value"]): string {
    return isUnavailable(value) ? `unavailable: ${value.unavailable}` : value;
}
