import { densityName } from "../../model/density.ts";
import type { Scenario } from "./scenario.ts";

/** How several pairs get along: each number of pairs is measured by itself, with fresh Pods, under the same load per pair. */
export const density: Scenario = {
    name: densityName,
    group: "scaling",
    does: "1, 2, 4 and 8 pairs at once, in random order, with nothing else going on",
    phaseSeconds: 0,
    watchSeconds: 90,
    usualSeconds: 40,
    // An injection takes a minute and a half, and no other goes on meanwhile.
    mostInjections: 6,
    isAlone: true,
    pairs: [1, 2, 4, 8],
    expects: {
        network: {
            text: "two Pods and two addresses for each pair; as fast as one pair while CPU is left",
            bounds: [],
        },
        volume: { text: "half the Pods and addresses; as fast as one pair while CPU is left", bounds: [] },
    },
    // Why Pods are not created, e.g. because of a quota.
    rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] }],
    inject: async () => "",
};
