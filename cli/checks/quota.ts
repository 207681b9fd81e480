import type { V1LimitRange, V1Pod, V1ResourceQuota } from "@kubernetes/client-node";
import { claimsOf, podsOf } from "../../components/footprint.ts";
import type { HopcostConfig } from "../../config/config.ts";
import { partOfHopcost } from "../../model/names.ts";
import { amount, cpuText, memoryText } from "./amounts.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";
import { containerDefaults } from "./limit-range.ts";

type Quantities = Record<string, string>;
/** The part of a container that a quota counts. */
interface Counted {
    resources?: { requests?: Quantities; limits?: Quantities };
}

/** Whether the quotas leave enough for all Pods of a stack and its claim. */
export function quotaOutcome(
    config: HopcostConfig,
    seen: {
        /** Those of the namespace; undefined if the user isn't allowed to list them. */
        quotas: readonly V1ResourceQuota[] | undefined;
        limitRanges: readonly V1LimitRange[] | undefined;
        pods: readonly V1Pod[] | undefined;
    },
): Outcome {
    const { namespace, context } = config;
    const where = `namespace "${namespace}" of context "${context}"`;
    if (seen.quotas === undefined) {
        return warning(
            `Can't check whether quotas of ${where} leave enough: you aren't allowed to list resourcequotas`,
            "ask for that permission; otherwise a run finds out within two minutes",
        );
    }
    if (seen.quotas.length === 0) return ok("none in the namespace");
    const defaults = containerDefaults(seen.limitRanges ?? []);
    const wanted = podsOf(config).map(({ containers }) => containers.map((resources) => ({ resources })));
    const needed = countOf(wanted, defaults, claimsOf(config));
    // The next deployment replaces the stack's own Pods; if they can't be listed, all usage counts as somebody else's.
    const own = countOf((seen.pods ?? []).filter((pod) => isOwn(pod, namespace)).map(containersOf), {}, []);
    const problems = seen.quotas.filter(concernsOurs).flatMap((quota) => problemsOf(quota, needed, own));
    if (problems.length === 0) {
        return ok(`${seen.quotas.map(({ metadata }) => metadata?.name).join(", ")}: enough for all Pods of the stack`);
    }
    const unlimited = problems.some((problem) => problem.includes("has none"));
    return failure(
        `The quotas of ${where} don't leave enough: ${problems.join("; ")}`,
        unlimited
            ? "give the namespace a LimitRange with a default CPU limit, or set hopcost:namespace to another name"
            : "raise them, lower hopcost:cpuRequest or hopcost:memory, or set hopcost:namespace to another name",
    );
}

/** Whether a quota applies to our Pods: not one for Pods without requests, with a deadline, or of a priority class. */
function concernsOurs({ spec }: V1ResourceQuota): boolean {
    const scopes = spec?.scopes ?? [];
    const selected = spec?.scopeSelector?.matchExpressions ?? [];
    return !scopes.some((scope) => ["BestEffort", "Terminating"].includes(scope)) && selected.length === 0;
}

/** Counted amounts by their name in quotas; undefined if one of the containers doesn't set it. */
type Counts = Record<string, number | undefined>;

function countOf(pods: readonly (readonly Counted[])[], defaults: Quantities, claims: readonly string[]): Counts {
    const containers = pods.flat();
    const total = (kind: "requests" | "limits", what: "cpu" | "memory") => {
        const said = containers.map(({ resources }) => {
            return resources?.[kind]?.[what] ?? (kind === "limits" ? defaults[what] : undefined);
        });
        return said.includes(undefined) ? undefined : said.reduce((sum, quantity) => sum + amount(quantity), 0);
    };
    const [cpu, memory] = [total("requests", "cpu"), total("requests", "memory")];
    return {
        cpu,
        "requests.cpu": cpu,
        "limits.cpu": total("limits", "cpu"),
        memory,
        "requests.memory": memory,
        "limits.memory": total("limits", "memory"),
        pods: pods.length,
        "count/pods": pods.length,
        ...(claims.length > 0 && {
            persistentvolumeclaims: claims.length,
            "count/persistentvolumeclaims": claims.length,
            "requests.storage": claims.reduce((sum, claim) => sum + amount(claim), 0),
        }),
    };
}

function problemsOf({ metadata, spec, status }: V1ResourceQuota, needed: Counts, own: Counts): string[] {
    return Object.entries(spec?.hard ?? {}).flatMap(([what, hard]) => {
        if (!(what in needed)) return [];
        const need = needed[what];
        const name = `quota ${metadata?.name} limits ${what} to ${hard}`;
        if (need === undefined)
            return `${name}, so every container must set such a limit, but one of the stack's has none`;
        const used = Math.max(0, amount(status?.used?.[what]) - (own[what] ?? 0));
        // Sums of decimals: differences smaller than Kubernetes can express don't count.
        if (need <= amount(hard) - used + 1e-6) return [];
        const text = (value: number) => (/memory|storage/.test(what) ? memoryText(value) : cpuText(value));
        return `${name}, others use ${text(used)}, the stack needs ${text(need)}`;
    });
}

function isOwn({ metadata }: V1Pod, namespace: string): boolean {
    const [[label, value] = ["", ""]] = Object.entries(partOfHopcost);
    return metadata?.namespace === namespace && metadata.labels?.[label] === value;
}

function containersOf({ spec }: V1Pod): Counted[] {
    return spec?.containers ?? [];
}
