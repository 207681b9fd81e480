import assert from "node:assert/strict";
import { permissionsOutcome, questionsOf, unaskedOutcome } from "../../../cli/checks/permissions.ts";
import { probeForbidden } from "../../../cli/checks/probe.ts";
import { type Permission, permissionKey } from "../../../components/permissions.ts";
import { configWith } from "./fixtures.ts";

const full = { "hopcost:metrics": "true", "hopcost:clusterMetrics": "true" };
const name = ({ verb, group, resource }: Permission) => `${verb} ${resource}${group && `.${group}`}`;
/** All but these, and with the rights to give what one has not. */
const without =
    (...names: string[]) =>
    (permission: Permission) =>
        !names.includes(name(permission));
const notEscalating = ["escalate roles.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io"];
const namespaced = "by a Role and RoleBinding in namespace hopcost-test, or a ClusterRole";

describe("permissionsOutcome says", () => {
    it("that nothing is missing, of what was asked for", () => {
        const asked = new Set(questionsOf(configWith(full)).map(permissionKey));
        const outcome = permissionsOutcome(configWith(full), (it) => asked.has(permissionKey(it)));
        assert.deepEqual(outcome, { state: "ok", detail: "you may do all that a run does" });
    });

    it("each that is missing, and the rule to add", () => {
        const missing = ["create deployments.apps", "patch deployments.apps", "watch pods", "delete namespaces"];
        assert.deepEqual(permissionsOutcome(configWith(), without(...missing)), {
            state: "failure",
            detail: "You may not delete namespaces in the whole cluster, create deployments.apps in namespace hopcost-test, patch deployments.apps in namespace hopcost-test, watch pods in namespace hopcost-test",
            remedy: [
                "let an administrator of the cluster give you by a ClusterRole and ClusterRoleBinding:",
                '  - { apiGroups: [""], resources: ["namespaces"], verbs: ["delete"] }',
                `and ${namespaced}:`,
                '  - { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create", "patch"] }',
                '  - { apiGroups: [""], resources: ["pods"], verbs: ["watch"] }',
            ].join("\n"),
        });
    });

    it("what the Roles of a stack give, where one may not give what one has not", () => {
        for (const notAllowed of notEscalating) {
            const missing = ["update leases.coordination.k8s.io", "get nodes/metrics", notAllowed];
            assert.deepEqual(permissionsOutcome(configWith(full), without(...missing)), {
                state: "failure",
                detail: "You may not update leases.coordination.k8s.io in namespace hopcost-test, get nodes/metrics in the whole cluster",
                remedy: [
                    "let an administrator of the cluster give you by a ClusterRole and ClusterRoleBinding:",
                    '  - { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] }',
                    `and ${namespaced}:`,
                    '  - { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["update"] }',
                ].join("\n"),
            });
        }
        assert.equal(permissionsOutcome(configWith(full), without("get nodes/metrics")).state, "ok");
    });

    it("nothing of what the stack does not make", () => {
        const missing = ["create clusterroles.rbac.authorization.k8s.io", "create persistentvolumeclaims"];
        assert.equal(permissionsOutcome(configWith(), without(...missing)).state, "ok");
        assert.equal(permissionsOutcome(configWith(full), without(...missing)).state, "failure");
    });

    it("that hopcost metrics won't work, where there are any", () => {
        const allowed = without("create pods/portforward");
        assert.equal(permissionsOutcome(configWith(), allowed).state, "ok");
        assert.deepEqual(permissionsOutcome(configWith(full), allowed), {
            state: "warning",
            detail: "You may not create pods/portforward in namespace hopcost-test: hopcost metrics can't show you Prometheus",
            remedy: `let an administrator of the cluster give you ${namespaced}:\n  - { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }`,
        });
    });
});

describe("unaskedOutcome", () => {
    it("says that nobody is logged in", () => {
        assert.deepEqual(unaskedOutcome(configWith()), {
            state: "failure",
            detail: 'Context "kind" sends no credentials that the server knows: you may not ask what you may do (HTTP 403)',
            remedy: "log in again, or correct the user of the context",
        });
    });
});

describe("probeForbidden", () => {
    it("says what is missing for a probe, which is no failure", () => {
        assert.equal(
            probeForbidden(() => true),
            undefined,
        );
        assert.deepEqual(probeForbidden(without("create pods", "delete namespaces")), {
            state: "warning",
            detail: "Not tried, since you may not delete namespaces in the whole cluster, create pods in the whole cluster",
            remedy: "ask for that right; a run finds out what a probe would",
        });
    });
});
