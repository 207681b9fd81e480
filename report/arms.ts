/** The two topologies. `network`: two Pods; `volume`: two containers of one Pod. */
export const families = ["network", "volume"] as const;
/** One of {@link families}. */
export type Family = (typeof families)[number];

/** Every arm there is, `family/variant`. The first of each family is its main arm. */
export const allArms = ["network/cluster-ip", "volume/chokidar", "volume/fs-watch"] as const;
/** One of {@link allArms}. */
export type Arm = (typeof allArms)[number];

/** The two arms that the verdict compares. */
export const mainArms = { network: "network/cluster-ip", volume: "volume/chokidar" } as const;

/** The topology an arm runs on. */
export function familyOf(arm: Arm): Family {
    return arm.startsWith("network/") ? "network" : "volume";
}
