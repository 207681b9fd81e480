import assert from "node:assert/strict";
import { previewTable } from "../../../cli/commands/policy-table.ts";
import type { Violation } from "../../../cli/stack/policy-preview.ts";

const violation = (policy: string, mandatory: boolean, message: string): Violation => {
    const enforcementLevel = mandatory ? "mandatory" : "advisory";
    return { event: { message, policyName: policy, enforcementLevel }, policy, mandatory, message };
};

describe("what hopcost policies shows of a stack", () => {
    it("is one sentence where nothing was found", () => {
        assert.equal(previewTable("dev", "as manifests", 40, []), "dev, as manifests: 40 resources, no violations");
    });

    it("is a table with a line for each violation", () => {
        const violations = [
            violation("image-tag", true, 'Deployment "web", container "app": image "nginx" has no tag'),
            violation("pull-policy", false, "can't run policy"),
        ];
        assert.equal(
            previewTable("eks", "as manifests", 3, violations),
            [
                "eks, as manifests: 3 resources, 1 mandatory and 1 advisory violations",
                "level      policy       problem and fix",
                'mandatory  image-tag    Deployment "web", container "app": image "nginx" has no tag',
                "advisory   pull-policy  can't run policy",
            ].join("\n"),
        );
    });
});
