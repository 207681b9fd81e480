/** Every key of a stack file, for documentation, editors, and the refusal of others. The code that reads a value checks it. */
import { type TSchema, Type } from "@sinclair/typebox";
import { userIdChoices } from "../components/pod-settings.ts";
import { allArms } from "../model/arms.ts";
import { media, payloads, placements } from "../model/fields.ts";
import { profiles } from "../model/profiles.ts";
import { scenarioWords } from "../workloads/injections/scenarios.ts";

/** One key, or several that are explained together. */
interface Key {
    schema: TSchema;
    /** In Markdown: a value, or where it comes from. */
    default: string;
    /** In Markdown. */
    does: string;
}

const text = Type.String();
const yes = Type.Boolean();
const positive = Type.Number({ exclusiveMinimum: 0 });
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)));
/** A list, or its items in one text, separated by commas. */
const listOf = (item: TSchema) => Type.Union([Type.Array(item), Type.String()]);
const ofProfile = "the profile's";

/** Keys in the namespace `hopcost`, in the order of the documentation. */
export const keys = {
    profile: {
        schema: oneOf(Object.keys(profiles)),
        default: "`quick`",
        does: "`quick` (3 trials of both main arms and the noise floor, a little more than a minute), `standard` (10 of every arm, at most 20 minutes), `full` (20 of every arm at every size, about three hours)",
    },
    runId: { schema: text, default: "`1`", does: "a new id measures again (`hopcost run` chooses one)" },
    arms: {
        schema: listOf(oneOf(allArms)),
        default: ofProfile,
        does: "some of [these](#arms), e.g. `[network/cluster-ip, volume/chokidar]`; `network/cluster-ip` adds `network/cluster-ip-repeat`, the noise floor",
    },
    sizes: { schema: listOf(text), default: "all 16", does: "payload sizes of both main arms, e.g. `[64 B, 64 KiB]`" },
    ablationSizes: {
        schema: listOf(text),
        default: ofProfile,
        does: "payload sizes of all other arms; if only `hopcost:sizes` is set, those of its sizes that are nearest to the profile's",
    },
    payload: {
        schema: oneOf(payloads),
        default: "`repeated`",
        does: "content of the payloads after their number: the letter x, or `random` bytes (from the seed)",
    },
    rounds: { schema: Type.Integer({ minimum: 1, maximum: 1000 }), default: ofProfile, does: "trials of each arm" },
    cellSeconds: { schema: positive, default: ofProfile, does: "time slice of each cell, seconds" },
    warmupSeconds: {
        schema: Type.Number({ minimum: 0 }),
        default: ofProfile,
        does: "warm-up of each trial, seconds",
    },
    maxRounds: {
        schema: Type.Integer({ minimum: 1, maximum: 1000 }),
        default: "the profile's, or `hopcost:rounds` if that is set",
        does: "maximum trials of both main arms and the noise floor",
    },
    targetHalfWidth: {
        schema: positive,
        default: ofProfile,
        does: "both main arms get no more trials once half the 95% interval of every ratio is at most this share of the ratio",
    },
    ratePerSecond: { schema: positive, default: "`250`", does: "round trips per second in constant-rate cells" },
    concurrency: {
        schema: Type.Integer({ minimum: 2, maximum: 64 }),
        default: "`4`",
        does: "round trips in flight in throughput cells",
    },
    seed: {
        schema: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
        default: "from the run id",
        does: "orders arms and sizes",
    },
    placement: {
        schema: oneOf(placements),
        default: "`same-node`",
        does: "or `cross-node` (the receiver is on another node than the sender), `any`",
    },
    image: {
        schema: text,
        default: "`docker.io/library/node:24.21.0-bookworm-slim`",
        does: "a stock Node 24 image; the code is mounted into it",
    },
    cpuRequest: { schema: text, default: "`250m`", does: "CPU that each measured container requests" },
    cpuLimit: { schema: text, default: "none", does: "CPU limit of each measured container" },
    memory: { schema: text, default: "`512Mi`", does: "request and limit of each measured container" },
    volumeMedium: {
        schema: oneOf(media),
        default: "`Memory`",
        does: "the shared volume: `Memory` (tmpfs) or `Disk` (without fsync: the page cache)",
    },
    volumeSize: { schema: text, default: "`128Mi`", does: "size limit of each shared volume" },
    storageClass: {
        schema: text,
        default: "none",
        does: "StorageClass of the volume that `volume/pvc` measures; without one, that arm is unavailable",
    },
    metrics: {
        schema: yes,
        default: "`true`",
        does: "a Prometheus beside the experiment ([more](deployment.md#metrics)); `false` deploys none",
    },
    prometheusImage: { schema: text, default: "`docker.io/prom/prometheus:v3.11.3`", does: "its image" },
    clusterMetrics: {
        schema: yes,
        default: "`false`",
        does: "Prometheus also reads the kubelets (cAdvisor, nodes), which needs a ClusterRole",
    },
    grafana: { schema: yes, default: "`false`", does: "a Grafana with a dashboard of the run" },
    grafanaImage: { schema: text, default: "`docker.io/grafana/grafana:12.1.1`", does: "its image" },
    namespace: { schema: text, default: "`hopcost-<stack>`", does: "created and deleted with the stack" },
    nodeSelector: {
        schema: listOf(text),
        default: "none",
        does: "labels that a node must have, such as `pool=benchmark`; always only Linux nodes",
    },
    tolerations: {
        schema: listOf(text),
        default: "none",
        does: "taints to tolerate, such as `dedicated=benchmark:NoSchedule`, `dedicated:NoSchedule`, `dedicated`",
    },
    registry: {
        schema: text,
        default: "none",
        does: "registry that mirrors all images: `mirror.example/hub` gives `mirror.example/hub/library/node:...`",
    },
    imagePullSecret: {
        schema: text,
        default: "none",
        does: "namespace and name of a Secret to pull images with, such as `ci/registry`; it is copied",
    },
    userIds: {
        schema: oneOf(userIdChoices),
        default: "`fixed`",
        does: "or `cluster`: the cluster sets user and group ids, as on OpenShift",
    },
    apiServerPort: {
        schema: Type.Integer({ minimum: 1, maximum: 65_535 }),
        default: "read from the cluster",
        does: "port of the API server, if you aren't allowed to read it",
    },
    scenarios: {
        schema: listOf(oneOf(scenarioWords)),
        default: "none",
        does: "failures, rollouts and scaling to inject after the trials, see [scenarios.md](scenarios.md): names of scenarios, or `failures`, `rollouts`, `scaling`, `all`",
    },
    injections: {
        schema: Type.Integer({ minimum: 1, maximum: 1000 }),
        default: "by profile: 3, 20, 40",
        does: "injections of each scenario into each topology; at most 6 of a rollout or of `autoscale`, 10 of other scaling",
    },
    deadlineSeconds: {
        schema: Type.Integer({ minimum: 1 }),
        default: "from the plan",
        does: "the Job's deadline, seconds",
    },
    reportDir: { schema: text, default: "none", does: "`pulumi up` writes `results.json` there as well" },
} as const satisfies Record<string, Key>;

/** All `hopcost:...` keys. */
export const configKeys = Object.keys(keys) as (keyof typeof keys)[];

/** Keys of Pulumi's provider that choose the cluster. */
const target = {
    "kubernetes:context": {
        schema: text,
        default: "none: required",
        does: "context of the kubeconfig to deploy to",
    },
    "kubernetes:kubeconfig": {
        schema: text,
        default: "kubectl's",
        does: "path of that kubeconfig, from the stack file's folder or `~/`",
    },
} satisfies Record<string, Key>;

function allKeys(): [string, Key][] {
    return [
        ...Object.entries(target),
        ...Object.entries(keys).map(([name, key]): [string, Key] => [`hopcost:${name}`, key]),
    ];
}

/** All keys as a table in Markdown. */
export function keysTable(): string {
    const rows = allKeys().map(([name, { default: value, does }]) => `| \`${name}\` | ${value} | ${does} |`);
    return ["| key | default | |", "| --- | --- | --- |", ...rows].join("\n");
}

/** JSON Schema of a stack file, for editors. */
export function stackFileSchema() {
    const properties = allKeys().map(([name, { schema, default: value, does }]) => [
        name,
        { ...schema, description: `${does} (default: ${value})`.replaceAll(/`|\[([^\]]+)\]\([^)]+\)/g, "$1") },
    ]);
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "A stack file of hopcost: Pulumi.<stack>.yaml",
        type: "object",
        properties: {
            config: {
                type: "object",
                properties: Object.fromEntries(properties),
                // A misspelt key of ours is a mistake; others belong to Pulumi's providers.
                patternProperties: { "^(?!hopcost:)": {} },
                additionalProperties: false,
            },
        },
    };
}
