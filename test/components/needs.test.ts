import assert from "node:assert/strict";
import { podsOf } from "../../components/footprint.ts";
import { kinds, permissionKey, permissionsFor, permissionsGiven } from "../../components/permissions.ts";
import { readConfig } from "../../config/config.ts";
import type { Instance } from "../../model/scenarios.ts";
import { good, program } from "../program.ts";
import { ofKind, seen } from "./mocks.ts";

const everything = {
    ...good,
    "hopcost:profile": "standard",
    "hopcost:storageClass": "standard",
    "hopcost:clusterMetrics": "true",
    "hopcost:grafana": "true",
    "hopcost:cpuLimit": "2",
};
const stacks: Record<string, Record<string, string>> = {
    "all there is": everything,
    "the defaults": good,
    "no metrics": { ...good, "hopcost:metrics": "false" },
    "one Pod alone": {
        ...good,
        "hopcost:arms": "volume/fs-watch",
        "hopcost:metrics": "false",
        "hopcost:memory": "1Gi",
    },
    "all scenarios": { ...good, "hopcost:scenarios": "all" },
    "a scenario of the volume": { ...good, "hopcost:scenarios": "volume-full" },
    "the network alone": { ...good, "hopcost:arms": "network/cluster-ip, network/cross-node" },
};
type Container = { resources: unknown };

describe("the needs of a stack match what the program creates, for a stack with", () => {
    for (const [name, values] of Object.entries(stacks)) {
        it(`${name}: permissions for exactly the kinds it creates`, async () => {
            await program(values);
            const made = seen.filter(({ type, read }) => type.startsWith("kubernetes:") && !read);
            const config = readConfig("test", values);
            const wanted = kinds.filter(({ when }) => when?.(config) ?? true);
            assert.deepEqual([...new Set(made.map(({ type }) => type))].sort(), wanted.map(({ type }) => type).sort());
            const rights = permissionsFor(config).filter(({ verb }) => verb === "create");
            assert.deepEqual(
                rights.map(({ group, resource }) => `${resource}.${group}`).sort(),
                wanted.map(({ group, resource }) => `${resource}.${group}`).sort(),
            );
        });

        it(`${name}: every Pod, with its containers' resources`, async () => {
            await program(values);
            const instances = ofKind("v1:ConfigMap").flatMap(
                ({ inputs }) => JSON.parse(inputs.data?.["plan.json"] ?? "{}").instances ?? [],
            ) as Instance[];
            const made = [...ofKind("apps/v1:Deployment"), ...ofKind("batch/v1:Job")].flatMap(({ inputs }) => {
                const { metadata, spec } = inputs.spec.template;
                const scaled = instances.find(({ deployments }) => deployments.at(-1) === inputs.metadata.name);
                const pod = {
                    name: metadata.labels["app.kubernetes.io/component"],
                    containers: [...(spec.initContainers ?? []), ...spec.containers].map(
                        ({ resources }: Container) => resources,
                    ),
                };
                return Array.from({ length: scaled?.replicas ?? 1 }, () => pod);
            });
            const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
            const needed = podsOf(readConfig("test", values)).map(({ name, containers }) => ({ name, containers }));
            assert.deepEqual(needed.sort(byName), made.sort(byName));
        });

        it(`${name}: everything that its Roles allow`, async () => {
            await program(values);
            const roles = [...ofKind("v1:Role"), ...ofKind("v1:ClusterRole")];
            const allowed = roles.flatMap(({ type, inputs }) =>
                inputs.rules.flatMap((rule: { apiGroups: string[]; resources: string[]; verbs: string[] }) =>
                    rule.apiGroups.flatMap((group) =>
                        rule.resources.flatMap((resource) =>
                            rule.verbs.map((verb) => {
                                return permissionKey({
                                    verb,
                                    group,
                                    resource,
                                    clusterWide: type.endsWith("ClusterRole"),
                                });
                            }),
                        ),
                    ),
                ),
            );
            const given = permissionsGiven(readConfig("test", values)).map(permissionKey);
            assert.deepEqual(given.sort(), [...new Set(allowed)].sort());
        });
    }
});
