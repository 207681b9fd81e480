import assert from "node:assert/strict";
import type { Check } from "../../cli/checks/check.ts";
import { hopcost } from "../support/command.ts";
import { eventually, namespaces } from "./support.ts";

/** What `hopcost doctor` finds. */
export interface Diagnosis {
    code: number | null;
    ok: boolean;
    checks: Check[];
    stderr: string;
}

/**
 * What `hopcost doctor` finds. It gives up after 15 s, which other tests on this machine may use up, so it is asked several
 * times until everything was answered.
 * @param tries 1 if something should not answer
 */
export async function doctorOf(folder: string, tries = 4): Promise<Diagnosis> {
    for (;;) {
        const { code, stdout, stderr } = await hopcost(folder, "doctor", "--json").ended;
        assert.notEqual(stdout, "", stderr);
        const { ok, checks } = JSON.parse(stdout) as Pick<Diagnosis, "ok" | "checks">;
        const isLate = checks.some(({ detail }) => /no answer|did not finish within|still being deleted/.test(detail));
        if (!isLate || --tries <= 0) return { code, ok, checks, stderr };
    }
}

/** The ids of the checks in a state. */
export function idsOf(checks: readonly Check[], state: Check["state"]): string[] {
    return checks.filter((it) => it.state === state).map(({ id }) => id);
}

/** The only check that fails; asserts that no other fails or warns. */
export async function onlyFailureOf(folder: string): Promise<Check | undefined> {
    const { code, ok, checks } = await doctorOf(folder);
    assert.deepEqual([code, ok, idsOf(checks, "warning")], [3, false, []], JSON.stringify(checks));
    const failures = checks.filter(({ state }) => state === "failure");
    assert.equal(failures.length, 1, JSON.stringify(failures));
    return failures[0];
}

/** The namespace of a probe, once it is there. */
export async function probing(): Promise<string> {
    return await eventually("the namespace of a probe", 15, async () =>
        (await namespaces()).find((name) => name.startsWith("hopcost-doctor-")),
    );
}
