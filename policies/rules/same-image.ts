import { sameInAll } from "../measured.ts";
import { stackRule } from "../rule.ts";

/** If the arms differ in program or environment, their comparison covers more than the channel. */
export const sameImage = stackRule(
    {
        name: "same-image",
        group: "fairness",
        description:
            "All measured containers run the same image. A different Node or C library is a different measurement.",
    },
    (objects) => sameInAll(objects, "its image", ({ image }) => JSON.stringify(image), "give both arms the same image"),
);
