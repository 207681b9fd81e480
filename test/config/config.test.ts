import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { cellsOf } from "../../config/cells.ts";
import { type ConfigError, configKeys, defaultImage, readConfig } from "../../config/config.ts";
import { defaultImages } from "../../config/metrics.ts";
import { profiles } from "../../config/profiles.ts";
import { allArms } from "../../model/arms.ts";
import { armsOf, mainSizes, sizesOf } from "../../model/plan.ts";
import { expectedSeconds } from "../../statistics/schedule.ts";
import { config, context, problemsOf } from "./fixtures.ts";

describe("configuration", () => {
    it("needs the context alone; the rest has defaults", () => {
        const { plan, ...rest } = config();
        assert.deepEqual(rest, {
            stack: "test",
            context: "kind",
            kubeconfig: undefined,
            rendersOnly: false,
            runId: "1",
            profile: "quick",
            namespace: "hopcost-test",
            image: defaultImage,
            placement: "same-node",
            cpuRequest: "250m",
            cpuLimit: undefined,
            memory: "512Mi",
            volumeMedium: "Memory",
            volumeSize: "128Mi",
            storageClass: undefined,
            reportDir: undefined,
            metrics: { image: defaultImages.prometheus, clusterMetrics: false },
        });
        const { seed, ...measured } = plan;
        assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
        const { arms, sizes, ablationSizes, repeatSizes, ...others } = profiles.quick;
        const { phaseSizes, constantRateSizes, throughputSizes, ...quick } = others;
        assert.deepEqual([phaseSizes, constantRateSizes, throughputSizes], [[], [], []]);
        const at = { sizes, ablationSizes, repeatSizes, phaseSizes, constantRateSizes, throughputSizes };
        assert.deepEqual(measured, {
            ...{ runId: "1", profile: "quick", payload: "repeated", unavailable: [] },
            ...quick,
            ...{ cells: cellsOf(arms, at), ratePerSecond: 250, concurrency: 4 },
            deadlineSeconds: 2 * Math.ceil(expectedSeconds(plan)) + 120,
            placement: "same-node",
            image: defaultImage,
            volumeMedium: "Memory",
        });
    });

    it("takes what is set", () => {
        const values = {
            "kubernetes:kubeconfig": "/etc/kubeconfig",
            "hopcost:runId": "20261121-063200-3fa2",
            "hopcost:namespace": "bench",
            "hopcost:image": "registry.example:5000/node@sha256:".padEnd(98, "0"),
            "hopcost:placement": "cross-node",
            "hopcost:cpuRequest": "1",
            "hopcost:cpuLimit": "1500m",
            "hopcost:memory": "1Gi",
            "hopcost:volumeMedium": "Disk",
            "hopcost:volumeSize": "1Gi",
            "hopcost:storageClass": "fast.example",
            "hopcost:reportDir": "reports",
            "hopcost:payload": "random",
            "hopcost:maxRounds": "9",
            "hopcost:targetHalfWidth": "0.1",
            "hopcost:seed": "0",
            "hopcost:deadlineSeconds": "3600",
        };
        const { plan, ...rest } = config({
            ...values,
            "hopcost:ratePerSecond": "0.5",
            "hopcost:concurrency": "64",
        });
        assert.deepEqual([plan.ratePerSecond, plan.concurrency], [0.5, 64]);
        const { plan: ablations } = config({ "hopcost:arms": "volume/fs-watch", "hopcost:ablationSizes": "64,2 KiB" });
        assert.deepEqual(sizesOf(ablations, "volume/fs-watch"), [64, 2048]);
        for (const [key, value] of Object.entries(values)) {
            const name = key.slice(key.indexOf(":") + 1);
            assert.equal(String({ ...plan, ...rest }[name as keyof typeof rest]), value, key);
        }
    });

    it("lets each key override the profile, zero included", () => {
        const { plan } = config({ "hopcost:profile": "standard", "hopcost:rounds": "1", "hopcost:warmupSeconds": "0" });
        const { cellSeconds, warmupRoundTrips } = profiles.standard;
        assert.deepEqual(
            [plan.profile, plan.rounds, plan.warmupSeconds, plan.cellSeconds, plan.warmupRoundTrips],
            ["standard", 1, 0, cellSeconds, warmupRoundTrips],
        );
    });

    it("reads lists as Pulumi hands them on (JSON) and as one text with commas", () => {
        const { plan } = config({ "hopcost:arms": '["volume/fs-watch"]' });
        assert.deepEqual(armsOf(plan), ["volume/fs-watch"]);
        const sizesFrom = (list: string) => mainSizes(config({ "hopcost:sizes": list }).plan);
        assert.deepEqual(sizesFrom('["64 B", 1024, "1 MiB"]'), [64, 1024, 1024 ** 2]);
        assert.deepEqual(sizesFrom("64 B, 1KiB,65536"), [64, 1024, 65536]);
        assert.deepEqual(sizesFrom("128"), [128]);
    });

    it("seeds a run by its id: the same one the same, another one another", () => {
        const seedOf = (runId: string) => config({ "hopcost:runId": runId }).plan.seed;
        assert.equal(seedOf("a"), seedOf("a"));
        assert.notEqual(seedOf("a"), seedOf("b"));
        assert.equal(config({ "hopcost:seed": "4294967295" }).plan.seed, 4294967295);
    });

    it("leaves keys of others alone", () => {
        config({ "aws:region": "eu-central-1", "kubernetes:namespace": "other", "pulumi:tags": "{}" });
    });

    it("names every mistake at once: key, value, and what would be right", () => {
        const values = {
            "hopcost:runId": "Run_1",
            "hopcost:profile": "fast",
            "hopcost:arms": "network/cluster-ip,network/pigeon",
            "hopcost:sizes": '["64 B", "17 MB", "8 B"]',
            "hopcost:ablationSizes": "big",
            "hopcost:payload": "zeros",
            "hopcost:rounds": "0",
            "hopcost:maxRounds": "1001",
            "hopcost:targetHalfWidth": "0",
            "hopcost:ratePerSecond": "-1",
            "hopcost:concurrency": "1",
            "hopcost:storageClass": "Local_1",
            "hopcost:cellSeconds": "soon",
            "hopcost:warmupSeconds": "-1",
            "hopcost:seed": "1.5",
            "hopcost:namespace": "kube-system",
            "hopcost:image": "node:latest",
            "hopcost:placement": "near",
            "hopcost:cpuRequest": "much",
            "hopcost:cpuLimit": "0",
            "hopcost:memory": "512MB",
            "hopcost:volumeMedium": "tmpfs",
            "hopcost:volumeSize": " ",
            "hopcost:reportDir": "",
            "hopcost:deadlineSeconds": "tomorrow",
            "kubernetes:context": "",
        };
        const sizes = 'sizes of at least 16 B, such as "64 B", "1 KiB", "16 MiB" or a number of bytes';
        const empty = "must not be empty; leave the key out for its default";
        const memory = 'must be a memory quantity above 0 such as "512Mi" or "1Gi"';
        const cpu = 'must be a CPU quantity above 0 such as "250m" or "1"';
        assert.deepEqual([...problemsOf(values)].sort(), [
            `hopcost:ablationSizes "big": must be ${sizes}`,
            `hopcost:arms "network/pigeon": must be one of ${allArms.join(", ")}`,
            'hopcost:cellSeconds "soon": must be a number from 0.01 to 3600',
            'hopcost:concurrency "1": must be an integer from 2 to 64',
            `hopcost:cpuLimit "0": ${cpu}`,
            `hopcost:cpuRequest "much": ${cpu}`,
            'hopcost:deadlineSeconds "tomorrow": must be an integer from 1 to 1209600',
            `hopcost:image "node:latest": must be an image pinned to a version, such as "${defaultImage}"`,
            'hopcost:maxRounds "1001": must be an integer from 1 to 1000',
            `hopcost:memory "512MB": ${memory}`,
            'hopcost:namespace "kube-system": must not be one of Kubernetes\' own: it is created with the stack and deleted with it',
            'hopcost:payload "zeros": must be one of repeated, random',
            'hopcost:placement "near": must be one of same-node, cross-node, any',
            'hopcost:profile "fast": must be one of quick, standard, full',
            'hopcost:ratePerSecond "-1": must be a number from 0.1 to 1000000',
            `hopcost:reportDir "": ${empty}`,
            'hopcost:rounds "0": must be an integer from 1 to 1000',
            'hopcost:runId "Run_1": must be 1 to 32 lower-case letters, digits or dashes, beginning and ending with a letter or digit',
            'hopcost:seed "1.5": must be an integer from 0 to 4294967295',
            `hopcost:sizes "17 MB": must be ${sizes}`,
            `hopcost:sizes "8 B": must be ${sizes}`,
            'hopcost:storageClass "Local_1": must be the name of a StorageClass such as "standard" (`kubectl get storageclass` lists them)',
            'hopcost:targetHalfWidth "0": must be a number from 0.001 to 1',
            'hopcost:volumeMedium "tmpfs": must be one of Memory, Disk',
            `hopcost:volumeSize " ": ${empty}`,
            'hopcost:warmupSeconds "-1": must be a number from 0 to 3600',
            'kubernetes:context "": must be the name of a context in the kubeconfig',
        ]);
    });

    it("is one error that Pulumi prints without a stack, and says where to look", () => {
        assert.throws(
            () => config({ "hopcost:rounds": "0", "hopcost:seed": "x" }),
            (error) => {
                assert.ok(pulumi.RunError.isInstance(error));
                assert.equal(
                    error.message,
                    'The configuration of stack "test" (Pulumi.test.yaml) has 2 mistakes; nothing was deployed:\n' +
                        '  hopcost:rounds "0": must be an integer from 1 to 1000\n' +
                        '  hopcost:seed "x": must be an integer from 0 to 4294967295',
                );
                return true;
            },
        );
    });

    it("never takes a number that is not one", () => {
        const keys = [
            ...["rounds", "maxRounds", "targetHalfWidth", "cellSeconds", "warmupSeconds"],
            ...["ratePerSecond", "concurrency", "seed", "deadlineSeconds"],
        ];
        const noNumber = fc.string().filter((text) => Number.isNaN(Number(text)) || text.trim() === "");
        fc.assert(
            fc.property(fc.constantFrom(...keys), noNumber, (key, text) => {
                const [problem = ""] = problemsOf({ [`hopcost:${key}`]: text });
                return problem.startsWith(`hopcost:${key} ${JSON.stringify(text)}: must`);
            }),
            { numRuns: 50 },
        );
    });
});

describe("unknown keys", () => {
    it("are refused with the key that was meant", () => {
        assert.deepEqual(problemsOf({ "hopcost:profil": "quick", "hopcost:runid": "2", "hopcost:Size": "1 KiB" }), [
            'hopcost:profil "quick": there is no such key; did you mean hopcost:profile?',
            'hopcost:runid "2": there is no such key; did you mean hopcost:runId?',
            'hopcost:Size "1 KiB": there is no such key; did you mean hopcost:sizes?',
        ]);
    });

    it("are refused with all keys where none is near", () => {
        const expected = `hopcost:frobnicate "1": there is no such key; the keys are ${configKeys.join(", ")}`;
        assert.deepEqual(problemsOf({ "hopcost:frobnicate": "1" }), [expected]);
    });
});

describe("the README", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

    it("names every key and every arm, and no others", () => {
        const found = (pattern: RegExp) => [...new Set([...readme.matchAll(pattern)].map(([, name]) => name))].sort();
        assert.deepEqual(found(/`hopcost:(\w+)`/g), [...configKeys].sort());
        assert.deepEqual(found(/`((?:network|volume|floor)\/[\w-]+)`/g), [...allArms].sort());
    });
});

describe("the context", () => {
    it("must be named: nothing is deployed to one that was not", () => {
        assert.throws(
            () => readConfig("eks", {}),
            (error: ConfigError) => {
                assert.deepEqual(error.problems, [
                    "kubernetes:context: must be set, since nothing is deployed to a context that was not named; `kubectl config get-contexts` lists them, `pulumi config set kubernetes:context NAME` sets it",
                ]);
                return true;
            },
        );
    });

    it("must not be named where manifests are only rendered, which the provider refuses as well", () => {
        const render = { "kubernetes:renderYamlToDirectory": "manifests" };
        assert.deepEqual(readConfig("ci", render).rendersOnly, true);
        assert.match(problemsOf(render)[0] ?? "", /^kubernetes:context "kind": must not be set together/);
        const kubeconfig = { ...render, "kubernetes:kubeconfig": "/secret/path" };
        assert.throws(() => readConfig("ci", kubeconfig), /kubernetes:kubeconfig: must not be set together/);
    });
});

describe("the namespace", () => {
    it("is made from the stack's name, and must be set where that gives none", () => {
        assert.equal(readConfig("dev", context).namespace, "hopcost-dev");
        const [problem] = problemsOf({}, "My_Stack");
        assert.match(
            problem ?? "",
            /^hopcost:namespace "hopcost-My_Stack": must be .*made from the stack's name, so set/,
        );
        assert.deepEqual(problemsOf({ "hopcost:namespace": "mine" }, "My_Stack"), []);
    });

    it("is none of Kubernetes' own", () => {
        for (const namespace of ["default", "kube-system", "kube-x"]) {
            assert.match(problemsOf({ "hopcost:namespace": namespace })[0] ?? "", /Kubernetes' own/);
        }
    });
});

describe("images", () => {
    it("are pinned to a version", () => {
        for (const image of ["node:24.21.0", "localhost:5000/node:24", "hopcost.local/node:24.21.0", defaultImage]) {
            assert.deepEqual(problemsOf({ "hopcost:image": image }), [], image);
        }
        for (const image of ["node", "node:latest", "localhost:5000/node", "no de:1", "node@sha256:12"]) {
            assert.equal(problemsOf({ "hopcost:image": image }).length, 1, image);
        }
    });
});

describe("values that contradict one another", () => {
    it("are a CPU limit below the request", () => {
        assert.deepEqual(problemsOf({ "hopcost:cpuRequest": "1", "hopcost:cpuLimit": "500m" }), [
            'hopcost:cpuLimit "500m": must be at least hopcost:cpuRequest ("1")',
        ]);
    });

    it("are the same arm twice, or no arm at all", () => {
        assert.match(problemsOf({ "hopcost:arms": "volume/chokidar,volume/chokidar" })[0] ?? "", /same one twice/);
        assert.match(problemsOf({ "hopcost:sizes": "1 KiB,1024" })[0] ?? "", /same one twice/);
        assert.match(problemsOf({ "hopcost:arms": "[]" })[0] ?? "", /^hopcost:arms "\[\]": must name at least one$/);
    });
});
