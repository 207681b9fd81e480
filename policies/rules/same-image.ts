import { sameInAll } from "../measured.ts";
import { stackRule } from "../rule.ts";

/** Both arms run the same program in the same surroundings, or they compare more than the channel. */
export const sameImage = stackRule(
    {
        name: "same-image",
        group: "fairness",
        description:
            "All measured containers run the same image. Another Node, or another C library, is another measurement.",
    },
    (objects) => sameInAll(objects, "its image", ({ image }) => JSON.stringify(image), "give both arms the same image"),
);
