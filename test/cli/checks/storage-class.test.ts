import { storageClassOutcome } from "../../../cli/checks/storage-class.ts";
import { configWith, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/storage-class");

describe("storageClassOutcome says of", () => {
    const config = configWith({ "hopcost:storageClass": "fast" });
    const classes = (...names: string[]) => names.map((name) => ({ metadata: { name }, provisioner: "p" }));

    it("one that is there that it is", () => {
        asOutcome(
            "storageClassOutcome says of: one that is there that it is",
            storageClassOutcome(config, classes("slow", "fast")),
            "ok",
        );
    });

    it("one that is not there which there are", () => {
        for (const names of [["slow", "slower"], []]) {
            asOutcome(
                `a missing class among ${names.length}`,
                storageClassOutcome(config, classes(...names)),
                "failure",
            );
        }
    });

    it("classes that may not be listed that it can't tell", () => {
        asOutcome(
            "storageClassOutcome says of: classes that may not be listed that it can't tell",
            storageClassOutcome(config, undefined),
            "warning",
        );
    });

    it("a stack that asks for none that it does not matter", () => {
        asOutcome(
            "storageClassOutcome says of: a stack that asks for none that it does not matter",
            storageClassOutcome(configWith(), classes()),
            "ok",
        );
    });
});
