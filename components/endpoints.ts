import type * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../model/arms.ts";
import type { Target } from "../model/plan.ts";
import type { Placement } from "./measured-pod-args.ts";
import type { VolumeMedium } from "./shared-volume-pod.ts";

/** What a `BenchmarkJob` needs to know of a `NetworkPair`. */
export interface NetworkEndpoints {
    /**
     * Addresses within the namespace, by their names in a plan: `network`, known once its Pods are ready, and with `crossNode`
     * also `cross-node`: the sender and the far receiver, which might be pending.
     */
    targets: Record<string, pulumi.Input<Target>>;
    /** Image of its containers; the driver's is the same. */
    image: pulumi.Input<string>;
    placement: Placement;
}

/** What a `BenchmarkJob` needs to know of a `SharedVolumePod`; its target is `volume`. */
export interface VolumeEndpoints extends NetworkEndpoints {
    /** Medium of the main volume. */
    medium: VolumeMedium;
    /** The volumes it has. */
    volumes: readonly Volume[];
}
