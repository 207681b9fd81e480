import { allArms, isArm } from "./arms.ts";
import { armsOf, modes, type Plan } from "./plan.ts";

/**
 * Why this version can't carry out a plan that fits the schema, one line for each field. A saved plan may hold arms and
 * modes that another version measures; this one measures only what it knows.
 * @returns e.g. `maxRounds must be at least rounds (3), got 2`
 */
export function planFaults(plan: Pick<Plan, "cells" | "unavailable" | "rounds" | "maxRounds">): string[] {
    const { cells, unavailable, rounds, maxRounds } = plan;
    const arms = armsOf(plan);
    const knownModes: readonly string[] = modes;
    const oneOf = (field: string, known: readonly string[], got: string) =>
        `${field} must be one of ${known.join(", ")}, got ${JSON.stringify(got)}`;
    const unknown = cells.flatMap(({ arm, mode }, index) => [
        ...(isArm(arm) ? [] : [oneOf(`cells.${index}.arm`, allArms, arm)]),
        ...(knownModes.includes(mode) ? [] : [oneOf(`cells.${index}.mode`, modes, mode)]),
    ]);
    const twice = cells.filter(
        (one, index) => cells.findIndex((other) => other.arm === one.arm && other.mode === one.mode) < index,
    );
    const both = unavailable.filter(({ arm }) => arms.includes(arm));
    return [
        ...unknown,
        ...twice.map(({ arm, mode }) => `cells must list each arm and mode once, got ${arm} ${mode} twice`),
        ...(maxRounds < rounds ? [`maxRounds must be at least rounds (${rounds}), got ${maxRounds}`] : []),
        ...both.map(({ arm }) => `unavailable must not name an arm of cells, got ${JSON.stringify(arm)}`),
    ];
}
