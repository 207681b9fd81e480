import type { V1Job, V1Namespace, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { measuredResources, restrictedContainer, restrictedLabels } from "../../components/measured-pod.ts";
import { podSettings } from "../../components/pod-settings.ts";
import { mainVolume } from "../../components/shared-volume-pod.ts";
import type { HopcostConfig } from "../../config/config.ts";
import { inotifyLimits } from "../../model/inotify.ts";
import { partOfHopcost } from "../../model/names.ts";
import { pullFailures, pullRemedy } from "../cluster/image-pull.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

/** Prefix of every probe namespace's name. */
export const probePrefix = "hopcost-doctor-";
/** Name of the Job, and of its container. */
export const podName = "probe";
const mountPath = "/volume";
/** Where Kubernetes reads a container's termination message. */
const terminationLog = "/dev/termination-log";
/** How long to wait for an event, ms: it comes within 1 ms, or never. */
const eventMs = 1000;
/** The oldest Node that the workloads run on. */
const oldestNode = 24;

/**
 * What the Pod runs: renames a file into a watched folder, as the workloads do, and reports whether an event came.
 * @param volume folder in which this is done
 * @param result file that gets the answer as JSON: `node`, its version, `events`, and `refused` if nothing can be watched
 */
export function probeScript(volume: string, result: string): string {
    return `
const { mkdirSync, renameSync, watch, writeFileSync } = require("node:fs");
const end = (events, refused) => {
    writeFileSync("${result}", JSON.stringify({ node: process.version, events, refused }));
    process.exit();
};
for (const folder of ["tmp", "ready"]) mkdirSync("${volume}/" + folder);
try {
    watch("${volume}/ready", (event, name) => event === "rename" && name === "1" && end(true));
} catch (error) {
    end(false, error.code);
}
writeFileSync("${volume}/tmp/1", "");
renameSync("${volume}/tmp/1", "${volume}/ready/1");
setTimeout(end, ${eventMs}, false);
`.trim();
}

/** The namespace of a probe, as strict as a stack's. */
export function probeNamespace(name: string): V1Namespace {
    return { metadata: { name, labels: { ...restrictedLabels, ...partOfHopcost } } };
}

/**
 * The Job of a probe: one Pod with a measured container's image, resources and volume, with a small script in place of the
 * workload. A Job, since the real Pods are made by controllers too, which can have fewer rights than the user.
 * @param pullSecrets Secrets of its namespace with which the image is pulled
 */
export function probeJob(config: HopcostConfig, pullSecrets: readonly string[] = []): V1Job {
    const metadata = { name: podName, labels: partOfHopcost };
    const template = { metadata: { labels: partOfHopcost }, spec: probePod(config, pullSecrets) };
    return { metadata, spec: { backoffLimit: 0, template } };
}

function probePod(config: HopcostConfig, pullSecrets: readonly string[]): V1PodSpec {
    return {
        ...podSettings({ ...config.pod, imagePullSecrets: pullSecrets }),
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        // Nothing in it needs a graceful end, and its namespace is gone sooner.
        terminationGracePeriodSeconds: 0,
        containers: [
            {
                ...restrictedContainer,
                name: podName,
                image: config.image,
                command: ["node", "-e", probeScript(mountPath, terminationLog)],
                resources: { ...measuredResources(config) },
                terminationMessagePolicy: "FallbackToLogsOnError",
                volumeMounts: [{ name: "shared-main", mountPath }],
            },
        ],
        volumes: [{ name: "shared-main", ...mainVolume(config.volumeMedium, config.volumeSize) }],
    };
}

/** The kubelet's reasons for a container that it can't start. */
const hopeless = [...pullFailures, ...["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]];

/** The state of a probe's Pod: its outcome, or what it waits for. */
export function probeProgress(config: HopcostConfig, { spec, status }: V1Pod): Outcome | { waiting: string } {
    const where = spec?.nodeName ? ` on node ${spec.nodeName}` : "";
    const unscheduled = status?.conditions?.find((it) => it.type === "PodScheduled" && it.status === "False");
    if (unscheduled) return { waiting: `not scheduled: ${unscheduled.message}` };
    const { terminated, waiting } = status?.containerStatuses?.[0]?.state ?? {};
    if (terminated) return endedOutcome(config, terminated, where);
    if (status?.phase === "Failed") {
        return failure(`The probe Pod${where} failed: ${status.reason}: ${status.message}`, "check that node");
    }
    if (waiting?.reason !== undefined && hopeless.includes(waiting.reason)) {
        return failure(
            `The probe Pod can't run ${config.image}${where}: ${waiting.reason}: ${waiting.message ?? "no message"}`,
            pullFailures.includes(waiting.reason) ? pullRemedy(config, config.image) : "resolve what the message names",
        );
    }
    return { waiting: `${waiting?.reason ?? status?.phase ?? "not started"}${where}` };
}

function endedOutcome(
    { image, volumeMedium }: HopcostConfig,
    { exitCode, message = "", reason = "" }: { exitCode: number; message?: string; reason?: string },
    where: string,
): Outcome {
    if (exitCode !== 0 || message === "") {
        return failure(
            `The probe Pod${where} ended with exit code ${exitCode} (${reason}): ${message.trim() || "no message"}`,
            `set hopcost:image to an image with Node ${oldestNode} or newer, e.g. the default one`,
        );
    }
    const { node, events, refused } = JSON.parse(message) as { node: string; events: boolean; refused?: string };
    if (Number(/^v(\d+)/.exec(node)?.[1]) < oldestNode) {
        return failure(
            `${image} has Node ${node}, but the workloads need ${oldestNode} or newer`,
            `set hopcost:image to an image with Node ${oldestNode} or newer, e.g. the default one`,
        );
    }
    const sysctl = refused === undefined ? undefined : inotifyLimits[refused];
    if (sysctl !== undefined) {
        return failure(
            `No folder can be watched${where} (${refused}): the user of the Pods has reached ${sysctl} of that node`,
            `raise it on the node: sysctl -w ${sysctl}=NUMBER; or leave the volume arms out (hopcost:arms)`,
        );
    }
    if (events)
        return ok(`it ran${where} (Node ${node}), and file events arrive on the shared volume (${volumeMedium})`);
    return warning(
        `No file event arrived on the shared volume (${volumeMedium})${where} within ${eventMs} ms of a rename: volume arms would end with too many misses, because their files are found only by scanning the folder`,
        "set hopcost:volumeMedium to the other one, or use nodes with another runtime class (runc reports file events)",
    );
}

/** The outcome for a Pod that still waits when time is up. */
export function waitedOutcome({ image }: HopcostConfig, waiting: string, seconds: number): Outcome {
    const detail = `The probe Pod did not finish within ${seconds} s (${waiting})`;
    if (waiting.startsWith("not scheduled")) return failure(detail, "resolve what the scheduler reports");
    return warning(detail, `a node may still pull ${image}: start hopcost doctor again`);
}
