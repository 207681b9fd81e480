import { storageClassOutcome } from "../../../cli/checks/storage-class.ts";
import { configWith, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/storage-class");

describe("storageClassOutcome", () => {
    const config = configWith({ "hopcost:storageClass": "fast" });
    const classes = (...names: string[]) => names.map((name) => ({ metadata: { name }, provisioner: "p" }));

    it("accepts an existing class", () => {
        asOutcome(
            "storageClassOutcome: accepts an existing class",
            storageClassOutcome(config, classes("slow", "fast")),
            "ok",
        );
    });

    it("refuses a missing class, naming the existing ones", () => {
        for (const names of [["slow", "slower"], []]) {
            asOutcome(
                `a missing class among ${names.length}`,
                storageClassOutcome(config, classes(...names)),
                "failure",
            );
        }
    });

    it("warns if the user isn't allowed to list classes", () => {
        asOutcome(
            "storageClassOutcome: warns if the user isn't allowed to list classes",
            storageClassOutcome(config, undefined),
            "warning",
        );
    });

    it("accepts a stack without a class", () => {
        asOutcome(
            "storageClassOutcome: accepts a stack without a class",
            storageClassOutcome(configWith(), classes()),
            "ok",
        );
    });
});
