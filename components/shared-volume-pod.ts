import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { controlPort, readerControlPort } from "../workloads/control-api.ts";
import { oneOf, refuse } from "./argument-error.ts";
import { childOptions } from "./child-options.ts";
import type { Endpoints } from "./endpoints.ts";
import { labelsOf, measuredDeployment, selectorOf, servedAtOnce } from "./measured-pod.ts";
import {
    type MeasuredPodArgs,
    type MeasuredPodSettings,
    measuredPodProblems,
    resolveMeasuredPodArgs,
} from "./measured-pod-args.ts";
import { memoryQuantity } from "./quantity.ts";
import { hostOf, startTimeouts } from "./readiness.ts";
import { WorkloadCode } from "./workload-code.ts";

/** What a shared volume is made of: `Memory` (tmpfs) or `Disk` (the node's). */
export type VolumeMedium = "Memory" | "Disk";
/** All media. */
export const volumeMedia: readonly VolumeMedium[] = ["Memory", "Disk"];

/** Arguments of {@link SharedVolumePod}. */
export interface SharedVolumePodArgs extends MeasuredPodArgs {
    /**
     * `Memory`: tmpfs, whose files count as memory of the container that wrote them; `Disk`: the node's disk, through
     * the page cache. @default "Memory"
     */
    medium?: VolumeMedium;
    /** Most that the volume may hold; a Pod that exceeds it is evicted. @default "128Mi" */
    sizeLimit?: string;
}

/** Defaults of {@link SharedVolumePodArgs} beyond those of every measured Pod. */
export const sharedVolumeDefaults = { medium: "Memory", sizeLimit: "128Mi" } as const;

type Settings = MeasuredPodSettings & { medium: VolumeMedium; sizeLimit: string };

/** The two roles of the Pod and where their control servers listen: they share its network. */
const controlPorts = { writer: controlPort, reader: readerControlPort } as const;
const volumeRoles = ["writer", "reader"] as const;
const volumeName = "shared";

/** One Pod whose two containers share a volume: the volume side of the comparison. */
export class SharedVolumePod extends pulumi.ComponentResource {
    /** Where it is reached from within its namespace, as a plan names it; known once its Pod is ready. */
    readonly endpoints: pulumi.Output<Endpoints>;

    /** @throws ArgumentError with all that is wrong with `args` */
    constructor(name: string, args: SharedVolumePodArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings: Settings = {
            ...resolveMeasuredPodArgs(args),
            medium: args.medium ?? sharedVolumeDefaults.medium,
            sizeLimit: args.sizeLimit ?? sharedVolumeDefaults.sizeLimit,
        };
        refuse(`SharedVolumePod "${name}"`, [
            ...measuredPodProblems(settings),
            oneOf("medium", settings.medium, volumeMedia),
            memoryQuantity("sizeLimit", settings.sizeLimit),
        ]);
        super("hopcost:index:SharedVolumePod", name, args, opts);
        const child = childOptions(this, opts);
        const { namespace } = settings;

        const code = volumeRoles.map((role) => new WorkloadCode(`${name}-${role}-code`, { namespace, role }, child));
        const names = code.map(({ configMapName }) => configMapName);
        const started = { ...child, customTimeouts: startTimeouts(settings.startSeconds) };
        const deployment = new k8s.apps.v1.Deployment(`${name}-pod`, volumeDeployment(name, names, settings), started);
        const service = new k8s.core.v1.Service(`${name}-control`, volumeService(name, namespace), child);

        this.endpoints = hostOf(service, deployment).apply((host) => ({
            initiator: { control: `http://${host}:${controlPorts.writer}` },
            responder: { control: `http://${host}:${controlPorts.reader}` },
        }));
        this.registerOutputs({ endpoints: this.endpoints });
    }
}

/** The Deployment of both roles. @param code ConfigMaps of writer and reader, in this order */
export function volumeDeployment(name: string, code: pulumi.Input<string>[], settings: Settings) {
    const containers = volumeRoles.map((role, index) => ({
        role,
        code: code[index] as pulumi.Input<string>,
        controlPort: controlPorts[role],
        sharedVolume: volumeName,
    }));
    const emptyDir = { sizeLimit: settings.sizeLimit, ...(settings.medium === "Memory" ? { medium: "Memory" } : {}) };
    const pod = {
        instance: name,
        component: "shared-volume",
        initiator: true,
        containers,
        volumes: [{ name: volumeName, emptyDir }],
    };
    return measuredDeployment(`${name}-pod`, pod, settings);
}

/** The Service through which the driver reaches both control servers; nothing measured goes through it. */
export function volumeService(name: string, namespace: pulumi.Input<string>) {
    return {
        metadata: {
            name: `${name}-control`,
            namespace,
            labels: labelsOf(name, "shared-volume"),
            annotations: servedAtOnce,
        },
        spec: {
            type: "ClusterIP",
            selector: selectorOf(name, "shared-volume"),
            ports: volumeRoles.map((role) => ({
                name: role,
                port: controlPorts[role],
                targetPort: controlPorts[role],
            })),
        },
    };
}
