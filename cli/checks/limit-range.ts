import type { V1LimitRange, V1LimitRangeItem } from "@kubernetes/client-node";
import { claimsOf, type PodNeeds, podsOf } from "../../components/footprint.ts";
import type { HopcostConfig } from "../../config/config.ts";
import { amount } from "./amounts.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

type Quantities = Record<string, string>;
const resources = ["cpu", "memory"] as const;

/**
 * Whether the LimitRanges of the namespace admit the Pods of a stack as they are.
 * @param limitRanges undefined if the user isn't allowed to list them
 */
export function limitRangeOutcome(config: HopcostConfig, limitRanges: readonly V1LimitRange[] | undefined): Outcome {
    const where = `namespace "${config.namespace}" of context "${config.context}"`;
    if (limitRanges === undefined) {
        return warning(
            `Can't check whether LimitRanges of ${where} let the Pods in: you aren't allowed to list limitranges`,
            "ask for that permission; otherwise a run finds out within two minutes",
        );
    }
    if (limitRanges.length === 0) return ok("none in the namespace");
    const defaults = containerDefaults(limitRanges);
    const problems = limitRanges.flatMap(({ metadata, spec }) =>
        (spec?.limits ?? []).flatMap((item) => {
            return itemProblems(item, config, defaults).map((problem) => `${metadata?.name} ${problem}`);
        }),
    );
    if (problems.length > 0) {
        return failure(
            `LimitRanges of ${where} reject Pods of the stack: ${[...new Set(problems)].join("; ")}`,
            "set hopcost:cpuRequest, hopcost:cpuLimit, hopcost:memory or hopcost:volumeSize to what they allow, or hopcost:namespace to another name",
        );
    }
    if (defaults.cpu !== undefined && config.cpuLimit === undefined) {
        return warning(
            `A LimitRange of ${where} gives every container a CPU limit of ${defaults.cpu}: CPU throttling adds tens of milliseconds to the measured tail`,
            "remove the default CPU limit, or set hopcost:namespace to another name",
        );
    }
    return ok(`${limitRanges.map(({ metadata }) => metadata?.name).join(", ")}: they admit all Pods of the stack`);
}

/** The limits that containers without limits get. */
export function containerDefaults(limitRanges: readonly V1LimitRange[]): Quantities {
    const items = limitRanges.flatMap(({ spec }) => spec?.limits ?? []);
    const defaults = items.filter(({ type }) => type === "Container").map((item) => item._default ?? {});
    return Object.assign({}, ...defaults);
}

function itemProblems(item: V1LimitRangeItem, config: HopcostConfig, defaults: Quantities): string[] {
    if (item.type === "PersistentVolumeClaim")
        return claimsOf(config).flatMap((claim) => boundProblems(item, "storage", "claim", claim, claim));
    const pods = podsOf(config);
    if (item.type === "Pod") return pods.flatMap((pod) => podProblems(item, pod, defaults));
    if (item.type !== "Container") return [];
    return pods.flatMap(({ name, containers }) =>
        containers.flatMap(({ requests, limits }) =>
            resources.flatMap((what) =>
                boundProblems(item, what, name, requests[what], limits[what] ?? defaults[what]),
            ),
        ),
    );
}

function podProblems(item: V1LimitRangeItem, { name, containers }: PodNeeds, defaults: Quantities): string[] {
    return resources.flatMap((what) => {
        const request = containers.reduce((sum, it) => sum + amount(it.requests[what]), 0);
        const limits = containers.map((it) => it.limits[what] ?? defaults[what]);
        const limit = limits.includes(undefined) ? undefined : limits.reduce((sum, it) => sum + amount(it), 0);
        return boundProblems(item, what, name, String(request), limit === undefined ? undefined : String(limit));
    });
}

/** Which bounds a request and a limit break. @param limit undefined if there is none */
function boundProblems(
    { type, min, max, maxLimitRequestRatio }: V1LimitRangeItem,
    what: string,
    name: string,
    request: string,
    limit: string | undefined,
): string[] {
    const [least, most, ratio] = [min?.[what], max?.[what], maxLimitRequestRatio?.[what]];
    const problems: string[] = [];
    const of = `${what} of a ${type}`;
    if (least !== undefined && amount(request) < amount(least)) {
        problems.push(`requires at least ${least} ${of}, but ${name} requests ${request}`);
    }
    if (most !== undefined && (limit === undefined || amount(limit) > amount(most))) {
        problems.push(`allows at most ${most} ${of}, but ${name} has ${limit === undefined ? "no limit" : limit}`);
    } else if (most !== undefined && amount(request) > amount(most)) {
        problems.push(`allows at most ${most} ${of}, but ${name} requests ${request}`);
    }
    if (ratio !== undefined && (limit === undefined || amount(limit) / amount(request) > amount(ratio))) {
        problems.push(
            `allows a limit of at most ${ratio} times the request for ${of}, but ${name} requests ${request} with ${limit === undefined ? "no limit" : `a limit of ${limit}`}`,
        );
    }
    return problems;
}
