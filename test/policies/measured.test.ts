import assert from "node:assert/strict";
import { diskVolumesAnnotation } from "../../components/measured-pod.ts";
import { initiatorLabel, measuredLabel, placementLabels } from "../../components/placement.ts";
import * as pack from "../../policies/measured.ts";
import { runIdLabel } from "../../report/names.ts";

describe("the labels by which the pack knows measured Pods", () => {
    it("are those that the components put on them, the far receiver's included", () => {
        assert.deepEqual([pack.measuredLabel], Object.keys(measuredLabel));
        assert.deepEqual([pack.initiatorLabel], Object.keys(initiatorLabel));
        assert.equal(pack.runIdLabel, runIdLabel);
        assert.equal(pack.diskVolumesAnnotation, diskVolumesAnnotation);
        const places = [{ initiator: true }, { initiator: false }, { initiator: false, awayFrom: { app: "sender" } }];
        for (const place of places) assert.ok(pack.measuredLabel in placementLabels(place));
    });
});
