import assert from "node:assert/strict";
import { podKinds } from "../../policies/pod-specs.ts";
import { kernelDefaults } from "../../policies/rules/kernel-defaults.ts";
import { readOnlyRoot } from "../../policies/rules/read-only-root.ts";
import { restrictedVolumes } from "../../policies/rules/restricted-volumes.ts";
import { rules } from "../../policies/rules.ts";
import { another, changed, digest, goodProgram, type Manifest, programWith, sender, web } from "./program.ts";
import { findingsOf, unknown } from "./support.ts";

const writable = { name: "app" };
const template = { spec: { containers: [writable] } };
const remedy =
    "can write to its root file system; set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir for the files it writes";

const ofEachKind: readonly Manifest[] = [
    another("v1", "Pod", "one", template),
    another("v1", "PodTemplate", "one", { template }),
    another("batch/v1", "CronJob", "one", { spec: { jobTemplate: { spec: { template } } } }),
    another("apps/v1", "Deployment", "one", { spec: { template } }),
    another("apps/v1", "StatefulSet", "one", { spec: { template } }),
    another("apps/v1", "DaemonSet", "one", { spec: { template } }),
    another("apps/v1", "ReplicaSet", "one", { spec: { template } }),
    another("v1", "ReplicationController", "one", { spec: { template } }),
    another("batch/v1", "Job", "one", { spec: { template } }),
];

describe("a rule about containers checks", () => {
    it("every kind that contains a Pod specification", async () => {
        assert.deepEqual(
            ofEachKind.map(({ kind }) => kind),
            podKinds,
        );
        assert.deepEqual(
            await findingsOf(readOnlyRoot, ofEachKind),
            podKinds.map((kind) => `${kind} "one", container "app": ${remedy}`),
        );
    });

    it("an old version of a kind as well", async () => {
        const old = another("extensions/v1beta1", "Deployment", "one", { spec: { template } });
        assert.deepEqual(await findingsOf(readOnlyRoot, [old]), [`Deployment "one", container "app": ${remedy}`]);
    });

    it("every container: init containers, native sidecars, ordinary and ephemeral ones", async () => {
        const pod = another("v1", "Pod", "one", {
            spec: {
                initContainers: [{ name: "first" }, { name: "sidecar", restartPolicy: "Always" }],
                containers: [writable],
                ephemeralContainers: [{ name: "shell" }],
            },
        });
        assert.deepEqual(await findingsOf(readOnlyRoot, [pod]), [
            `Pod "one", init container "first": ${remedy}`,
            `Pod "one", init container "sidecar": ${remedy}`,
            `Pod "one", container "app": ${remedy}`,
            `Pod "one", ephemeral container "shell": ${remedy}`,
        ]);
    });

    it("nothing if there is no Pod", async () => {
        const empty = another("apps/v1", "Deployment", "one", {});
        assert.deepEqual(await findingsOf(readOnlyRoot, [empty, another("v1", "Service", "one", {})]), []);
    });

    it("a container with an unknown name", async () => {
        const pod = changed(another("v1", "Pod", "one", template), "spec.containers.0.name", unknown);
        assert.deepEqual(await findingsOf(readOnlyRoot, [pod]), [`Pod "one", container number 1: ${remedy}`]);
    });
});

describe("a Windows Pod", () => {
    it("passes without the fields that Kubernetes rejects there, and all other rules apply", async () => {
        const windows = changed(web, "spec.template.spec", {
            os: { name: "windows" },
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true },
            containers: [{ name: "app", image: `registry.example/app:1.2.3@${digest}` }],
        });
        const found = async (manifest: Manifest) => {
            const program = programWith(manifest);
            return (await Promise.all(rules.map((rule) => findingsOf(rule, program)))).flat();
        };
        assert.deepEqual(await found(windows), []);
        assert.deepEqual(await found(changed(windows, "spec.template.spec.securityContext", undefined)), [
            'Deployment "web", container "app": can run as root; set securityContext.runAsNonRoot: true in the Pod or the container',
        ]);
    });
});

describe("a key without a value", () => {
    const container = "spec.template.spec.containers.0";
    const nothing = [
        ...["metadata.annotations", "spec.template.metadata.annotations", "spec.template.spec.initContainers"],
        ...["spec.template.spec.volumes", "spec.template.spec.affinity", "spec.template.spec.nodeSelector"],
        ...[
            "args",
            "ports",
            "livenessProbe",
            "lifecycle",
            "securityContext.seccompProfile",
            "securityContext.procMount",
        ].map((field) => `${container}.${field}`),
    ];

    it("counts as absent for every policy", async () => {
        const blank = (manifest: Manifest) => nothing.reduce((one, path) => changed(one, path, null), manifest);
        const program = programWith(...goodProgram.filter(({ kind }) => kind === "Deployment").map(blank));
        for (const rule of rules) assert.deepEqual(await findingsOf(rule, program), [], rule.name);
    });

    it("counts as missing if it is required", async () => {
        const blank = changed(web, `${container}.securityContext`, null);
        assert.deepEqual(await findingsOf(readOnlyRoot, [blank]), [`Deployment "web", container "app": ${remedy}`]);
        assert.deepEqual(await findingsOf(kernelDefaults, [blank]), []);
        const volume = { name: "share", nfs: null, emptyDir: {} };
        assert.deepEqual(
            await findingsOf(restrictedVolumes, [changed(web, "spec.template.spec.volumes", [volume])]),
            [],
        );
        assert.deepEqual(await findingsOf(readOnlyRoot, [changed(web, "spec.template", null)]), []);
    });
});

describe("a value of the wrong type", () => {
    const hint = "compare it with the output of kubectl explain";

    it("is reported with its container, and doesn't hide violations of others", async () => {
        const two = changed(web, "spec.template.spec.containers", [null, { name: "other" }]);
        assert.deepEqual(await findingsOf(readOnlyRoot, [two]), [
            `Deployment "web", container number 1: has a value of the wrong type (Cannot destructure property 'securityContext' of 'undefined' as it is undefined.); ${hint}`,
            `Deployment "web", container "other": ${remedy}`,
        ]);
    });

    it("is reported with its object if nothing else can be checked", async () => {
        const [finding = "", ...others] = await findingsOf(readOnlyRoot, [
            changed(web, "spec.template.spec.containers", 3),
        ]);
        assert.match(finding, /^Deployment "web": has a value of the wrong type \(.*\); compare/);
        assert.deepEqual(others, []);
    });

    it("doesn't stop any policy", async () => {
        const paths = ["metadata.labels", "spec", "spec.template", "spec.template.metadata.labels"];
        const inSpec = ["", ".containers", ".containers.0", ".containers.0.env", ".containers.0.image", ".volumes"];
        for (const path of [...paths, ...inSpec.map((part) => `spec.template.spec${part}`)]) {
            for (const garbage of [null, 3, "text", [], {}, [null], [3]]) {
                const program = programWith(changed(sender, path, garbage));
                for (const rule of rules) await findingsOf(rule, program);
            }
        }
    });
});

describe("a value that is unknown in a preview", () => {
    const root = (index: number) => `spec.template.spec.containers.${index}.securityContext.readOnlyRootFilesystem`;

    it("is reported, and doesn't hide violations of others", async () => {
        const two = changed(changed(web, root(0), unknown), "spec.template.spec.containers.1", { name: "other" });
        assert.deepEqual(await findingsOf(readOnlyRoot, [two]), [
            `Deployment "web", container "other": ${remedy}`,
            `unknown: Deployment "web", container "app": string value at .${root(0)} can't be known during preview; it is checked at deployment, or now if the program gives a plain value`,
        ]);
    });

    it("is reported once together with all other unknown values", async () => {
        const third = { name: "third", securityContext: { readOnlyRootFilesystem: unknown } };
        const two = changed(changed(web, root(0), unknown), "spec.template.spec.containers.1", third);
        assert.deepEqual(await findingsOf(readOnlyRoot, [two]), [
            `unknown: Deployment "web", container "app": string value at .${root(0)} can't be known during preview; Deployment "web", container "third": string value at .${root(1)} can't be known during preview; it is checked at deployment, or now if the program gives a plain value`,
        ]);
    });

    it("is reported, and doesn't hide violations, if it is a whole container or a list of containers", async () => {
        const late = "it is checked at deployment, or now if the program gives a plain value";
        const one = changed(web, "spec.template.spec.containers", [unknown, { name: "other" }]);
        assert.deepEqual(await findingsOf(readOnlyRoot, [one]), [
            `Deployment "web", container "other": ${remedy}`,
            `unknown: Deployment "web", container number 1: string value at .spec.template.spec.containers.0 can't be known during preview; ${late}`,
        ]);
        const list = changed(changed(web, root(0), false), "spec.template.spec.initContainers", unknown);
        assert.deepEqual(await findingsOf(readOnlyRoot, [list]), [
            `Deployment "web", container "app": ${remedy}`,
            `unknown: Deployment "web": string value at .spec.template.spec.initContainers can't be known during preview; ${late}`,
        ]);
    });

    it("is reported if nothing else can be checked", async () => {
        const pod = changed(web, "spec.template.spec", unknown);
        assert.deepEqual(await findingsOf(readOnlyRoot, [pod]), [
            'unknown: Deployment "web": string value at .spec.template.spec can\'t be known during preview; it is checked at deployment, or now if the program gives a plain value',
        ]);
    });
});
