/** What an arm is about: `network`: HTTP; `volume`: files; `floor`: the harness itself. */
export type Family = "network" | "volume" | "floor";
/**
 * The two ends of an arm. `network`: sender and receiver, two Pods; `cross-node`: the sender and a receiver on another
 * node; `volume`: writer and reader, two containers of one Pod.
 */
export type Topology = "network" | "cross-node" | "volume";
/** A shared volume of the Pod: `main` has the medium that the stack requests, `disk` is the node's disk, `claim` a PVC. */
export type Volume = "main" | "disk" | "claim";

interface ArmSpec {
    topology: Topology;
    /** The volume it uses; absent if it uses none. */
    volume?: Volume;
    /** The arm it is compared with, which differs from it only in `cause`. */
    reference?: string;
    /** What the more expensive one of this arm and its reference has in addition, for a sentence such as "most of it is ...". */
    cause?: string;
}

/** All arms, `family/variant`, with the purpose of each; the main arms come first. */
const specs = {
    "network/cluster-ip": { topology: "network" },
    "volume/chokidar": { topology: "volume", volume: "main" },
    // A/A: the same under another label, so that its difference from cluster-ip is the noise floor.
    "network/cluster-ip-repeat": { topology: "network", reference: "network/cluster-ip", cause: "noise" },
    "network/pod-ip": { topology: "network", reference: "network/cluster-ip", cause: "the Service" },
    "network/localhost": { topology: "volume", reference: "network/pod-ip", cause: "Pod-to-Pod networking" },
    "network/unix-socket": { topology: "volume", volume: "main", reference: "network/localhost", cause: "TCP" },
    "network/cross-node": {
        topology: "cross-node",
        reference: "network/cluster-ip",
        cause: "node-to-node networking",
    },
    "volume/fs-watch-async": { topology: "volume", volume: "main", reference: "volume/chokidar", cause: "chokidar" },
    "volume/fs-watch": {
        topology: "volume",
        volume: "main",
        reference: "volume/fs-watch-async",
        cause: "fs.promises",
    },
    "volume/disk": {
        topology: "volume",
        volume: "disk",
        reference: "volume/fs-watch",
        cause: "the disk's file system",
    },
    "volume/disk-fsync": { topology: "volume", volume: "disk", reference: "volume/disk", cause: "fsync" },
    "volume/pvc": { topology: "volume", volume: "claim", reference: "volume/disk", cause: "the PersistentVolume" },
    "floor/noop": { topology: "network" },
} as const satisfies Record<string, ArmSpec>;

/** The name of an arm. */
export type Arm = keyof typeof specs;

/** All arms; the main arms come first. */
export const allArms = Object.keys(specs) as Arm[];

/** The two arms that the verdict compares. */
export const mainArms = { network: "network/cluster-ip", volume: "volume/chokidar" } as const;

/** Whether the verdict is about the arm. */
export function isMain(arm: string): boolean {
    return (Object.values(mainArms) as string[]).includes(arm);
}

/** The main network arm once more, as if it were another arm (A/A): the difference is noise. */
export const repeatArm = "network/cluster-ip-repeat";

/** Arms that are measured until the intervals are narrow enough: both main arms and the A/A arm. */
export const headlineArms: readonly Arm[] = [mainArms.network, mainArms.volume, repeatArm];

/** Whether an arm gets more rounds than `plan.rounds` if the intervals are wide. */
export function isHeadline(arm: string): boolean {
    return (headlineArms as readonly string[]).includes(arm);
}

/** For each main arm the arms that remove one cause after another, and the cause of the remaining time. */
export const chains = {
    network: { arms: ["network/cluster-ip", "network/pod-ip", "network/localhost"], rest: "HTTP in Node.js" },
    volume: { arms: ["volume/chokidar", "volume/fs-watch-async", "volume/fs-watch"], rest: "the volume itself" },
} as const satisfies Record<string, { arms: readonly Arm[]; rest: string }>;

/** The facts of an arm; empty for an arm of another version. */
export function specOf(arm: Arm): ArmSpec & { reference?: Arm };
export function specOf(arm: string): Partial<ArmSpec> & { reference?: Arm };
export function specOf(arm: string): Partial<ArmSpec> & { reference?: Arm } {
    return isArm(arm) ? specs[arm] : {};
}

/** What an arm is about: a {@link Family}, or the name that another version uses. */
export function familyOf(arm: string): string {
    return arm.slice(0, arm.indexOf("/"));
}

/** Whether `arm` is the name of an arm. */
export function isArm(arm: string): arm is Arm {
    return Object.hasOwn(specs, arm);
}

/** The topologies and the volumes that arms use. */
export function usedBy(arms: readonly string[]): { topologies: Set<Topology>; volumes: Set<Volume> } {
    const specs = arms.map(specOf);
    return {
        topologies: new Set(specs.flatMap(({ topology }) => topology ?? [])),
        volumes: new Set(specs.flatMap(({ volume }) => volume ?? [])),
    };
}
