import assert from "node:assert/strict";
import { type Arm, allArms, chains, familyOf, isArm, isMain, mainArms, repeatArm, specOf } from "../../model/arms.ts";

describe("arms", () => {
    it("are compared with a reference that exists, and then name the cause", () => {
        for (const arm of allArms) {
            const { reference, cause } = specOf(arm);
            assert.equal(reference === undefined, cause === undefined, arm);
            if (reference !== undefined) assert.ok(isArm(reference) && reference !== arm, arm);
        }
    });

    it("come down from a main arm along each chain, one cause a link", () => {
        for (const [family, { arms, rest }] of Object.entries(chains)) {
            const [first, ...links] = arms as readonly Arm[];
            assert.equal(first, mainArms[family as keyof typeof mainArms]);
            for (const [position, arm] of links.entries()) assert.equal(specOf(arm).reference, arms[position]);
            const causes = [...links.map((arm) => specOf(arm).cause), rest];
            assert.equal(new Set(causes).size, arms.length);
        }
    });

    it("are main arms only if the verdict compares them: the repetition is not", () => {
        assert.deepEqual(allArms.filter(isMain), Object.values(mainArms));
        assert.equal(isMain(repeatArm), false);
    });

    it("don't include names of other versions", () => {
        assert.equal(isArm("network/carrier-pigeon"), false);
        assert.equal(isArm("toString"), false);
    });
});

describe("familyOf", () => {
    it("is what stands before the slash", () => {
        assert.deepEqual(
            allArms.map((arm) => `${familyOf(arm)}/`),
            allArms.map((arm) => arm.slice(0, arm.indexOf("/") + 1)),
        );
    });
});
