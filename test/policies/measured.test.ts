import assert from "node:assert/strict";
import { diskVolumesAnnotation } from "../../components/measured-pod.ts";
import { initiatorLabel, measuredLabel, placementLabels } from "../../components/placement.ts";
import { runIdLabel } from "../../model/names.ts";
import * as pack from "../../policies/measured.ts";
import { rules } from "../../policies/rules.ts";
import { changed, programWith, receiver, sender, web } from "./program.ts";
import { findingsOf, unknown, unknownAt } from "./support.ts";

describe("the labels by which the pack recognizes measured Pods", () => {
    it("are those that the components set, including those of the receiver on another node", () => {
        assert.deepEqual([pack.measuredLabel], Object.keys(measuredLabel));
        assert.deepEqual([pack.initiatorLabel], Object.keys(initiatorLabel));
        assert.equal(pack.runIdLabel, runIdLabel);
        assert.equal(pack.diskVolumesAnnotation, diskVolumesAnnotation);
        const places = [{ initiator: true }, { initiator: false }, { initiator: false, awayFrom: { app: "sender" } }];
        for (const place of places) assert.ok(pack.measuredLabel in placementLabels(place));
    });
});

describe("a policy about the whole stack", () => {
    const ofStack = rules.filter((rule) => "validateStack" in rule && rule.name !== "default-deny");

    it("reports the objects whose Pods are still unknown, and doesn't hide violations of others", async () => {
        const image = changed(receiver, "spec.template.spec.containers.0.image", "other:1");
        const token = changed(image, "spec.template.spec.automountServiceAccountToken", true);
        for (const path of ["spec", "spec.template", "spec.template.metadata.labels"]) {
            const program = programWith(changed(web, path, unknown), token);
            for (const rule of ofStack) {
                const known = await findingsOf(rule, programWith(token));
                const isOfSpec = rule.name !== "no-idle-tokens" || path !== "spec.template.metadata.labels";
                const reported = isOfSpec ? [unknownAt('Deployment "web"', path)] : [];
                assert.deepEqual(await findingsOf(rule, program), [...known, ...reported], `${rule.name}, ${path}`);
            }
        }
    });

    it("compares the measured containers that are known", async () => {
        const image = changed(receiver, "spec.template.spec.containers.0.image", "other:1");
        const program = programWith(image, changed(sender, "spec.template.spec.containers", unknown));
        const sameImage = rules.find(({ name }) => name === "same-image");
        assert.ok(sameImage);
        const found = await findingsOf(sameImage, program);
        assert.equal(found.length, 2);
        assert.match(found[0] ?? "", /^Deployment "net-receiver", container "receiver": its image is "other:1", but /);
        assert.equal(found[1], unknownAt('Deployment "net-sender"', "spec.template.spec.containers"));
    });
});
