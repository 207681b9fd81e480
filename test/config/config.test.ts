import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { type ConfigError, defaultImage, readConfig } from "../../config/config.ts";
import { configKeys } from "../../config/keys.ts";
import { defaultImages } from "../../config/metrics.ts";
import { allArms } from "../../model/arms.ts";
import { cellsOf } from "../../model/cells.ts";
import { armsOf, mainSizes, sizesOf } from "../../model/plan.ts";
import { profiles } from "../../model/profiles.ts";
import { expectedSeconds } from "../../statistics/schedule.ts";
import { textsOf } from "../support/texts.ts";
import { config, context, problemsOf } from "./fixtures.ts";

const asText = textsOf("config/config");

describe("configuration", () => {
    it("needs only the context; the rest has defaults", () => {
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
            pod: { userIds: "fixed" },
            imagePullSecret: undefined,
            apiServerPort: undefined,
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
        const { phaseSizes, constantRateSizes, throughputSizes, injections, ...quick } = others;
        assert.equal(injections, 3);
        assert.deepEqual([phaseSizes, constantRateSizes, throughputSizes], [[], [], []]);
        const at = { sizes, ablationSizes, repeatSizes, phaseSizes, constantRateSizes, throughputSizes };
        assert.deepEqual(measured, {
            ...{ runId: "1", profile: "quick", payload: "repeated", unavailable: [] },
            ...quick,
            ...{ cells: cellsOf(arms, at), ratePerSecond: 250, concurrency: 4 },
            deadlineSeconds: 2 * Math.ceil(expectedSeconds(plan)) + 120,
            placement: "same-node",
            volumeMedium: "Memory",
        });
    });

    it("takes the values that are set", () => {
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

    it("reads lists as Pulumi gives them (JSON) and as one text separated by commas", () => {
        const { plan } = config({ "hopcost:arms": '["volume/fs-watch"]' });
        assert.deepEqual(armsOf(plan), ["volume/fs-watch"]);
        const sizesFrom = (list: string) => mainSizes(config({ "hopcost:sizes": list }).plan);
        assert.deepEqual(sizesFrom('["64 B", 1024, "1 MiB"]'), [64, 1024, 1024 ** 2]);
        assert.deepEqual(sizesFrom("64 B, 1KiB,65536"), [64, 1024, 65536]);
        assert.deepEqual(sizesFrom("128"), [128]);
    });

    it("derives the seed from the run id: the same seed for the same id, another for another", () => {
        const seedOf = (runId: string) => config({ "hopcost:runId": runId }).plan.seed;
        assert.equal(seedOf("a"), seedOf("a"));
        assert.notEqual(seedOf("a"), seedOf("b"));
        assert.equal(config({ "hopcost:seed": "4294967295" }).plan.seed, 4294967295);
    });

    it("ignores keys of other namespaces", () => {
        config({ "aws:region": "eu-central-1", "kubernetes:namespace": "other", "pulumi:tags": "{}" });
    });

    it("lists every mistake at once: key, value, and what is allowed", () => {
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
        const found = [...problemsOf(values)].sort();
        const keyAndValue = (problem: string) => problem.slice(0, problem.indexOf(": must "));
        const wrong = { ...values, "hopcost:arms": "network/pigeon", "hopcost:sizes": "17 MB" };
        const expected = [...Object.entries(wrong), ["hopcost:sizes", "8 B"]];
        assert.deepEqual(
            found.map(keyAndValue),
            expected.map(([key, value]) => `${key} ${JSON.stringify(value)}`).sort(),
        );
        const allowed = {
            "hopcost:arms": allArms.join(", "),
            "hopcost:cellSeconds": "from 0.01 to 3600",
            "hopcost:concurrency": "from 2 to 64",
            "hopcost:deadlineSeconds": "from 1 to 1209600",
            "hopcost:image": `"${defaultImage}"`,
            "hopcost:maxRounds": "from 1 to 1000",
            "hopcost:payload": "repeated, random",
            "hopcost:placement": "same-node, cross-node, any",
            "hopcost:profile": "quick, standard, full",
            "hopcost:ratePerSecond": "from 0.1 to 1000000",
            "hopcost:rounds": "from 1 to 1000",
            "hopcost:runId": "1 to 32",
            "hopcost:seed": "from 0 to 4294967295",
            "hopcost:sizes": "at least 16 B",
            "hopcost:storageClass": "`kubectl get storageclass`",
            "hopcost:targetHalfWidth": "from 0.001 to 1",
            "hopcost:volumeMedium": "Memory, Disk",
            "hopcost:warmupSeconds": "from 0 to 3600",
        };
        for (const [key, rule] of Object.entries(allowed)) {
            assert.ok(found.find((problem) => problem.startsWith(`${key} `))?.includes(rule), `${key}: ${rule}`);
        }
        asText("every mistake", found);
    });

    it("is refused with one error that Pulumi prints without a stack trace, naming the stack file", () => {
        assert.throws(
            () => config({ "hopcost:rounds": "0", "hopcost:seed": "x" }),
            (error) => {
                assert.ok(pulumi.RunError.isInstance(error));
                assert.match(
                    error.message,
                    /"test" \(Pulumi\.test\.yaml\) has 2 mistakes.*:\n {2}hopcost:rounds "0": .*\n {2}hopcost:seed "x": .*$/,
                );
                asText("two mistakes", error.message);
                return true;
            },
        );
    });

    it("never accepts a text as a number that isn't one", () => {
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
    it("are refused with the most similar key", () => {
        const found = problemsOf({ "hopcost:profil": "quick", "hopcost:runid": "2", "hopcost:Size": "1 KiB" });
        for (const [index, meant] of ["profile", "runId", "sizes"].entries()) {
            assert.ok(found[index]?.endsWith(`; did you mean hopcost:${meant}?`), found[index]);
        }
        asText("keys that resemble others", found);
    });

    it("are answered with their present name if they had another one", () => {
        const [problem = ""] = problemsOf({ "hopcost:controlSizes": "64 B" });
        assert.ok(problem.startsWith('hopcost:controlSizes "64 B": '), problem);
        assert.ok(problem.endsWith("hopcost:ablationSizes?"), problem);
    });

    it("are refused with all keys if none is similar", () => {
        const found = problemsOf({ "hopcost:frobnicate": "1" });
        assert.ok(found[0]?.startsWith('hopcost:frobnicate "1": '), found[0]);
        assert.ok(found[0]?.endsWith(configKeys.join(", ")), found[0]);
        asText("a key that resembles none", found);
    });
});

describe("the context", () => {
    it("must be named: nothing is deployed to a context that was not named", () => {
        assert.throws(
            () => readConfig("eks", {}),
            (error: ConfigError) => {
                assert.match(
                    error.problems[0] ?? "",
                    /^kubernetes:context: must be set.*`kubectl config get-contexts`.*`pulumi config set kubernetes:context NAME`/,
                );
                asText("no context", error.problems);
                return true;
            },
        );
    });

    it("must not be named if manifests are only rendered, which the provider also refuses", () => {
        const render = { "kubernetes:renderYamlToDirectory": "manifests" };
        assert.deepEqual(readConfig("ci", render).rendersOnly, true);
        assert.match(problemsOf(render)[0] ?? "", /^kubernetes:context "kind": must not be set together/);
        const kubeconfig = { ...render, "kubernetes:kubeconfig": "/secret/path" };
        assert.throws(() => readConfig("ci", kubeconfig), /kubernetes:kubeconfig: must not be set together/);
    });
});

describe("the namespace", () => {
    it("is made from the stack's name, and must be set if that is invalid", () => {
        assert.equal(readConfig("dev", context).namespace, "hopcost-dev");
        const [problem] = problemsOf({}, "My_Stack");
        assert.match(problem ?? "", /^hopcost:namespace "hopcost-My_Stack": must be .*stack's name, so set the key/);
        assert.deepEqual(problemsOf({ "hopcost:namespace": "mine" }, "My_Stack"), []);
    });

    it("must not be one of Kubernetes' own", () => {
        for (const namespace of ["default", "kube-system", "kube-x"]) {
            assert.match(problemsOf({ "hopcost:namespace": namespace })[0] ?? "", /Kubernetes' own/);
        }
    });
});

describe("images", () => {
    it("are pinned to a version", () => {
        const digest = `sha256:${"0a".repeat(32)}`;
        const pinned = ["node:24.21.0", "localhost:5000/node:24", "hopcost.local/node:24.21.0", defaultImage];
        const others = [
            `node@${digest}`,
            `node:24@${digest}`,
            "[::1]:5000/a/b__c:v1",
            "Registry.Example/a:1",
            "a-b.c/d:1",
        ];
        for (const image of [...pinned, ...others, "registry:5000/team/node:24"]) {
            assert.deepEqual(problemsOf({ "hopcost:image": image }), [], image);
        }
        const open = ["node", "node:latest", "localhost:5000/node", `node:latest@${digest}`, "node@sha256:12"];
        const wrong = [
            "no de:1",
            "https://docker.io/node:24",
            "Node:24",
            "docker.io/Library/node:24",
            "node:-1",
            "a//b:1",
        ];
        for (const image of [...open, ...wrong, "/node:24", "node/:24", `node:${"1".repeat(129)}`]) {
            assert.equal(problemsOf({ "hopcost:image": image }).length, 1, image);
        }
    });
});

describe("configuration values are refused if they", () => {
    it("set a CPU limit below the request", () => {
        assert.deepEqual(problemsOf({ "hopcost:cpuRequest": "1", "hopcost:cpuLimit": "500m" }), [
            'hopcost:cpuLimit "500m": must be at least hopcost:cpuRequest ("1")',
        ]);
    });

    it("name payloads that no single read can take", () => {
        const memory = { "hopcost:memory": "64Gi", "hopcost:volumeSize": "64Gi" };
        assert.deepEqual(problemsOf({ "hopcost:sizes": "2047 MiB", ...memory }), []);
        assert.match(
            problemsOf({ "hopcost:sizes": "2048 MiB", ...memory })[0] ?? "",
            /^hopcost:sizes "2048 MiB": .*2 GiB/,
        );
    });

    it("give results that no ConfigMap holds", () => {
        const sizes = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => 64 * (index + 1)));
        const every = {
            "hopcost:profile": "full",
            "hopcost:storageClass": "local",
            "hopcost:deadlineSeconds": "1209600",
        };
        const both = (count: number) => ({
            ...every,
            "hopcost:sizes": sizes(count),
            "hopcost:ablationSizes": sizes(count),
        });
        assert.deepEqual(problemsOf(both(40)), []);
        assert.match(problemsOf(both(90))[0] ?? "", /^hopcost:sizes: \d+ cells give results of about .* \(1 MiB\)/);
    });

    it("have a stack whose name can't be a label", () => {
        const named = (stack: string) => problemsOf({ "hopcost:namespace": "mine" }, stack);
        for (const stack of ["My_Stack", "a", "x".repeat(63)]) assert.deepEqual(named(stack), []);
        for (const stack of ["ends_", "x".repeat(64)])
            assert.match(named(stack)[0] ?? "", /^the name of the stack ".*pulumi stack rename/);
    });

    it("name an arm or a size twice, or no arm at all", () => {
        const [twice] = problemsOf({ "hopcost:arms": "volume/chokidar,volume/chokidar" });
        assert.match(twice ?? "", /^hopcost:arms "volume\/chokidar,volume\/chokidar": must not /);
        asText("an arm twice", twice ?? "");
        assert.match(problemsOf({ "hopcost:sizes": "1 KiB,1024" })[0] ?? "", /^hopcost:sizes "1 KiB,1024": must not /);
        assert.match(problemsOf({ "hopcost:arms": "[]" })[0] ?? "", /^hopcost:arms "\[\]": must name at least one$/);
    });
});
