import { createHash } from "node:crypto";
import { isMain, specOf } from "../../model/arms.ts";
import type { Plan } from "../../model/plan.ts";
import type { Reading } from "../../model/reading.ts";
import { combined, isUnavailable, sum } from "../../model/reading.ts";
import type { Environment } from "../../model/results.ts";
import type { Info, Trial } from "../../model/trial.ts";
import { rounded } from "../../statistics/rounding.ts";
import { isUsed } from "../../statistics/trials.ts";
import { usageBetween } from "../../statistics/usage.ts";

const nothingMeasured = "no trial was measured";

/**
 * What the run was measured on, as the containers reported it in all trials. A figure that differs between
 * containers (on two nodes, say) is unavailable, with the values in the reason.
 * @param trials as `finalTrials` gives them
 */
export function environmentOf(
    trials: readonly Trial[],
    { image, codeHash, placement, volumeMedium }: Pick<Plan, "image" | "codeHash" | "placement" | "volumeMedium">,
): Environment {
    const containers = trials.flatMap((trial) => trial.containers);
    const infos = containers.map(({ info }) => info);
    const hasArchitecture = infos.some(({ architecture }) => architecture !== undefined);
    return {
        kubernetesVersion: agreed(trials, ({ kubernetesVersion }) => kubernetesVersion),
        image,
        codeHash,
        placement: { asked: placement, nodes: nodesOf(trials), sameNode: onSameNode(trials) },
        kernel: agreed(infos, ({ kernel }) => kernel),
        cpuModel: agreed(infos, ({ cpuModel }) => cpuModel),
        ...(hasArchitecture && { architecture: agreed(infos, ({ architecture }) => architecture) }),
        cpus: agreed(infos, ({ cpus }) => cpus),
        nodeVersion: agreed(infos, ({ nodeVersion }) => nodeVersion),
        cgroupVersion: agreed(infos, ({ cgroupVersion }) => cgroupVersion),
        containerRuntime: agreed(infos, ({ containerRuntime }) => containerRuntime),
        cni: { unavailable: "not visible from inside a Pod" },
        qosClass: agreed(containers, ({ qosClass }) => qosClass),
        mitigations: agreed(infos, ({ mitigations }) => sortedKeys(mitigations)),
        stealFraction: largestSteal(containers.map(({ host }) => host)),
        volume: { medium: volumeMedium, fileSystems: fileSystemsOf(trials) },
    };
}

/**
 * The longest throttling of any container over all trials, including discarded ones, in seconds: per container the sum of
 * after minus before. Unavailable if any reading is, or if a counter went backwards (the container was restarted).
 */
export function throttledSecondsOf(trials: readonly Trial[]): Reading<number> {
    const readings = trials.flatMap(({ containers }) =>
        containers.map(({ info, before, after }) => ({
            container: `${info.podName} ${info.role}`,
            seconds: usageBetween(before, after).throttledSeconds,
        })),
    );
    const totals = [...Map.groupBy(readings, ({ container }) => container).values()].map((ofContainer) =>
        combined(
            ofContainer.map(({ seconds }) => seconds),
            sum,
            nothingMeasured,
        ),
    );
    return combined(totals, (values) => rounded(Math.max(...values)), nothingMeasured);
}

/** First 12 hex digits of the SHA-256 of a node's name: comparable between runs without revealing the name. */
export function hashed(nodeName: string): string {
    return createHash("sha256").update(nodeName).digest("hex").slice(0, 12);
}

/** Per role all nodes it ran on, by role; the cross-node arm's roles are listed separately: it is meant to use another node. */
function nodesOf(trials: readonly Trial[]): Record<string, string> {
    const places = trials.flatMap(({ arm, containers }) => {
        const label = specOf(arm).topology === "cross-node" ? " (cross-node)" : "";
        return containers.map(({ info }) => ({ role: `${info.role}${label}`, node: hashed(info.nodeName) }));
    });
    const roles = [...Map.groupBy(places, ({ role }) => role)].map(([role, seen]): [string, string] => [
        role,
        distinct(seen.map(({ node }) => node)).join(", "),
    ]);
    return Object.fromEntries(roles.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Whether all containers of both main arms ran on one node in all trials. */
function onSameNode(trials: readonly Trial[]): Reading<boolean> {
    const infos = trials.filter(({ arm }) => isMain(arm)).flatMap(({ containers }) => containers);
    if (infos.length === 0) return { unavailable: "no trial of a main arm was measured" };
    return distinct(infos.map(({ info }) => info.nodeName)).length === 1;
}

/** The volumes that a measured arm used, by their names in arms.ts. */
function fileSystemsOf(trials: readonly Trial[]): Environment["volume"]["fileSystems"] {
    const used = trials.filter(isUsed).flatMap(({ arm, containers }) => {
        const { volume } = specOf(arm);
        return volume === undefined ? [] : [{ volume, infos: containers.map(({ info }) => info) }];
    });
    const names = distinct(used.map(({ volume }) => volume));
    return Object.fromEntries(
        names.map((name) => {
            const infos = used.filter(({ volume }) => volume === name).flatMap((trial) => trial.infos);
            return [name, agreed(infos, (info: Info) => info.volumes?.[name])];
        }),
    );
}

/** A trial without a reading (a container's first one has no span yet) does not hide the others' readings. */
function largestSteal(hosts: readonly Trial["containers"][number]["host"][]): Reading<number> {
    const known = hosts.flatMap((host) => (isUnavailable(host) ? [] : [host.stealFraction]));
    if (known.length > 0) return rounded(Math.max(...known));
    return hosts.find(isUnavailable) ?? { unavailable: nothingMeasured };
}

function agreed<S, T extends string | number | Record<string, string>>(
    sources: readonly S[],
    figure: (source: S) => Reading<T> | undefined,
): Reading<T> {
    const readings = sources.map(figure).filter((reading) => reading !== undefined);
    const [first] = readings;
    if (first === undefined) return { unavailable: "no measured container reports it" };
    const missing = readings.find((reading) => isUnavailable(reading));
    if (missing !== undefined) return missing;
    const values = distinct(
        readings.map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value))),
    );
    return values.length === 1 ? first : { unavailable: `differs between containers: ${values.join(", ")}` };
}

function sortedKeys<T>(reading: Reading<Record<string, T>>): Reading<Record<string, T>> {
    if (isUnavailable(reading)) return reading;
    return Object.fromEntries(Object.entries(reading).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function distinct<T extends string>(values: readonly T[]): T[] {
    return [...new Set(values)].sort((one, other) => (one < other ? -1 : 1));
}
