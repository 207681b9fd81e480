import assert from "node:assert/strict";
import { KubeConfig, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { sandboxKubeconfig, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { doctorOf } from "./diagnosis.ts";
import { minutes, namespaces, newestResults, shortRun } from "./support.ts";

const namespace = "hopcost-openshift";
const name = "hopcost-openshift";
const [first, last] = [1_000_700_000, 1_000_709_999];

/**
 * What OpenShift's `restricted-v2` does with Pods that controllers make: it sets user and group ids if there are none, and
 * refuses ids outside the namespace's range. Administrators' own Pods are not limited by it.
 */
const likeOpenShift: (KubernetesObject & { spec: object })[] = (() => {
    const apiVersion = "admissionregistration.k8s.io/v1";
    const resourceRules = [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] }];
    const matchConditions = [
        {
            name: "ours",
            expression: `request.namespace == "${namespace}" || request.namespace.startsWith("hopcost-doctor-")`,
        },
        {
            name: "controllers",
            expression: 'request.userInfo.username.startsWith("system:serviceaccount:kube-system:")',
        },
    ];
    const matchConstraints = { resourceRules };
    const context = "object.spec.securityContext";
    const mutation = `Object{spec: Object.spec{securityContext: Object.spec.securityContext{runAsUser: ${first}, fsGroup: ${first}}}}`;
    const isSet = `has(${context}) && has(${context}.runAsUser)`;
    return [
        {
            apiVersion,
            kind: "MutatingAdmissionPolicy",
            metadata: { name },
            spec: {
                matchConstraints,
                matchConditions: [...matchConditions, { name: "unset", expression: `!(${isSet})` }],
                mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression: mutation } }],
                reinvocationPolicy: "Never",
            },
        },
        { apiVersion, kind: "MutatingAdmissionPolicyBinding", metadata: { name }, spec: { policyName: name } },
        {
            apiVersion,
            kind: "ValidatingAdmissionPolicy",
            metadata: { name },
            spec: {
                matchConstraints,
                matchConditions,
                validations: [
                    {
                        expression: `${isSet} && ${context}.runAsUser >= ${first} && ${context}.runAsUser <= ${last}`,
                        message: `runAsUser: Invalid value: must be in the ranges: [${first}, ${last}]`,
                    },
                ],
            },
        },
        {
            apiVersion,
            kind: "ValidatingAdmissionPolicyBinding",
            metadata: { name },
            spec: { policyName: name, validationActions: ["Deny"] },
        },
    ];
})();

describe("a cluster that sets user ids, like OpenShift", function () {
    this.timeout(minutes(4));
    let folder = "";
    const objects = () => {
        const config = new KubeConfig();
        config.loadFromFile(sandboxKubeconfig);
        return KubernetesObjectApi.makeApiClient(config);
    };

    before(async () => {
        await sandboxUp(() => {});
        folder = checkoutWith({ ...shortRun, "hopcost:namespace": namespace, "hopcost:rounds": 1 });
        for (const object of likeOpenShift) await objects().create(object);
    });
    after(async () => {
        for (const object of likeOpenShift) await objects().delete(object);
        removeCheckout(folder);
    });

    it("refuses fixed ids, which doctor reports with what to set", async () => {
        const { code, checks } = await doctorOf(folder);
        const probe = checks.find(({ id }) => id === "probe");
        assert.deepEqual([code, probe?.state], [3, "failure"], JSON.stringify(checks));
        assert.match(probe?.detail ?? "", /must be in the ranges/);
        assert.match(probe?.remedy ?? "", /hopcost:userIds/);
    });

    it("runs with hopcost:userIds cluster", async () => {
        setConfig(folder, { "hopcost:userIds": "cluster" });
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 0, stderr);
        assert.equal(newestResults(folder).complete, true);
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("passes doctor with it", async () => {
        const { checks } = await doctorOf(folder);
        assert.equal(checks.find(({ id }) => id === "probe")?.state, "ok", JSON.stringify(checks));
    });
});
