/** What an arm is about: `network`: HTTP; `volume`: files; `floor`: the harness itself. */
export type Family = "network" | "volume" | "floor";
/**
 * Between whom an arm runs. `network`: sender and receiver, two Pods; `cross-node`: the sender and a receiver on another
 * node; `volume`: writer and reader, two containers of one Pod.
 */
export type Topology = "network" | "cross-node" | "volume";
/** A shared volume of the Pod: `main` has the medium that the stack asks for, `disk` is the node's, `claim` a PVC's. */
export type Volume = "main" | "disk" | "claim";

interface ArmSpec {
    topology: Topology;
    /** The volume it uses; absent where it uses none. */
    volume?: Volume;
    /** The arm that has everything of this one but `cause`, or lacks just that: the two are compared. */
    reference?: string;
    /** What the dearer one of this arm and its reference has more, for a sentence such as "most of it is ...". */
    cause?: string;
}

/** Every arm there is, `family/variant`: the one place that says what each is for. Both main arms come first. */
const specs = {
    "network/cluster-ip": { topology: "network" },
    "volume/chokidar": { topology: "volume", volume: "main" },
    // A/A: the same under another label, so that its difference from cluster-ip is the noise floor.
    "network/cluster-ip-repeat": { topology: "network", reference: "network/cluster-ip", cause: "noise" },
    "network/pod-ip": { topology: "network", reference: "network/cluster-ip", cause: "the Service" },
    "network/localhost": { topology: "volume", reference: "network/pod-ip", cause: "the way between two Pods" },
    "network/unix-socket": { topology: "volume", volume: "main", reference: "network/localhost", cause: "TCP" },
    "network/cross-node": {
        topology: "cross-node",
        reference: "network/cluster-ip",
        cause: "the way between two nodes",
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

/** Every arm there is; both main arms come first. */
export const allArms = Object.keys(specs) as Arm[];

/** The two arms that the verdict compares. */
export const mainArms = { network: "network/cluster-ip", volume: "volume/chokidar" } as const;

/** Whether the verdict is about the arm. */
export function isMain(arm: string): boolean {
    return (Object.values(mainArms) as string[]).includes(arm);
}

/** The main arm of the network once more, as if it were another one (A/A): what it differs by is noise. */
export const repeatArm = "network/cluster-ip-repeat";

/** Arms whose trials go on until the intervals are narrow enough: both main arms, and the noise floor. */
export const headlineArms: readonly Arm[] = [mainArms.network, mainArms.volume, repeatArm];

/** Causes in the order in which they can be taken away from a main arm, and what is left then. */
export const chains = {
    network: { arms: ["network/cluster-ip", "network/pod-ip", "network/localhost"], rest: "HTTP in Node.js" },
    volume: { arms: ["volume/chokidar", "volume/fs-watch-async", "volume/fs-watch"], rest: "the volume itself" },
} as const satisfies Record<string, { arms: readonly Arm[]; rest: string }>;

/** What is known of an arm; nothing of one that only another version measures. */
export function specOf(arm: Arm): ArmSpec & { reference?: Arm };
export function specOf(arm: string): Partial<ArmSpec> & { reference?: Arm };
export function specOf(arm: string): Partial<ArmSpec> & { reference?: Arm } {
    return isArm(arm) ? specs[arm] : {};
}

/** What an arm is about: a {@link Family}, or what another version calls it. */
export function familyOf(arm: string): string {
    return arm.slice(0, arm.indexOf("/"));
}

/** Whether arm is the name of one. */
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
