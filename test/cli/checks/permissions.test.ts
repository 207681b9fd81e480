import assert from "node:assert/strict";
import { permissionsOutcome, questionsOf, unaskedOutcome } from "../../../cli/checks/permissions.ts";
import { probeForbidden } from "../../../cli/checks/probe.ts";
import { type Permission, permissionKey } from "../../../components/permissions.ts";
import { configWith, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/permissions");

const full = { "hopcost:metrics": "true", "hopcost:clusterMetrics": "true" };
const name = ({ verb, group, resource }: Permission) => `${verb} ${resource}${group && `.${group}`}`;
/** All permissions except these, including the one to escalate. */
const without =
    (...names: string[]) =>
    (permission: Permission) =>
        !names.includes(name(permission));
const notEscalating = ["escalate roles.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io"];

describe("permissionsOutcome", () => {
    it("passes if every permission asked about is granted", () => {
        const asked = new Set(questionsOf(configWith(full)).map(permissionKey));
        const outcome = permissionsOutcome(configWith(full), (it) => asked.has(permissionKey(it)));
        asOutcome("permissionsOutcome: passes if every permission asked about is granted", outcome, "ok");
    });

    it("names each missing permission and the rule to add", () => {
        const missing = ["create deployments.apps", "patch deployments.apps", "watch pods", "delete namespaces"];
        asOutcome(
            "permissionsOutcome: names each missing permission and the rule to add",
            permissionsOutcome(configWith(), without(...missing)),
            "failure",
        );
    });

    it("asks for the permissions in the stack's Roles if the user isn't allowed to escalate", () => {
        for (const notAllowed of notEscalating) {
            const missing = ["update leases.coordination.k8s.io", "get nodes/metrics", notAllowed];
            asOutcome(`without ${notAllowed}`, permissionsOutcome(configWith(full), without(...missing)), "failure");
        }
        assert.equal(permissionsOutcome(configWith(full), without("get nodes/metrics")).state, "ok");
    });

    it("ignores permissions for objects the stack does not create", () => {
        const missing = ["create clusterroles.rbac.authorization.k8s.io", "create persistentvolumeclaims"];
        assert.equal(permissionsOutcome(configWith(), without(...missing)).state, "ok");
        assert.equal(permissionsOutcome(configWith(full), without(...missing)).state, "failure");
    });

    it("warns that hopcost metrics won't work without port forwarding", () => {
        const allowed = without("create pods/portforward");
        assert.equal(permissionsOutcome(configWith(), allowed).state, "ok");
        asOutcome(
            "permissionsOutcome: warns that hopcost metrics won't work without port forwarding",
            permissionsOutcome(configWith(full), allowed),
            "warning",
        );
    });
});

describe("unaskedOutcome", () => {
    it("says that nobody is logged in", () => {
        asOutcome("unaskedOutcome: says that nobody is logged in", unaskedOutcome(configWith()), "failure");
    });
});

describe("probeForbidden", () => {
    it("warns about the missing permissions", () => {
        assert.equal(
            probeForbidden(configWith(), () => true),
            undefined,
        );
        asOutcome(
            "probeForbidden: warns about the missing permissions",
            probeForbidden(configWith(), without("create jobs.batch", "delete namespaces")),
            "warning",
        );
    });
});
