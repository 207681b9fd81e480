import assert from "node:assert/strict";
import { permissionsOutcome, questionsOf, unaskedOutcome } from "../../../cli/checks/permissions.ts";
import { probeForbidden } from "../../../cli/checks/probe.ts";
import { type Permission, permissionKey } from "../../../components/permissions.ts";
import { configWith, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/permissions");

const full = { "hopcost:metrics": "true", "hopcost:clusterMetrics": "true" };
const name = ({ verb, group, resource }: Permission) => `${verb} ${resource}${group && `.${group}`}`;
/** All but these, and with the rights to give what one has not. */
const without =
    (...names: string[]) =>
    (permission: Permission) =>
        !names.includes(name(permission));
const notEscalating = ["escalate roles.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io"];

describe("permissionsOutcome says", () => {
    it("that nothing is missing, of what was asked for", () => {
        const asked = new Set(questionsOf(configWith(full)).map(permissionKey));
        const outcome = permissionsOutcome(configWith(full), (it) => asked.has(permissionKey(it)));
        asOutcome("permissionsOutcome says: that nothing is missing, of what was asked for", outcome, "ok");
    });

    it("each that is missing, and the rule to add", () => {
        const missing = ["create deployments.apps", "patch deployments.apps", "watch pods", "delete namespaces"];
        asOutcome(
            "permissionsOutcome says: each that is missing, and the rule to add",
            permissionsOutcome(configWith(), without(...missing)),
            "failure",
        );
    });

    it("what the Roles of a stack give, where one may not give what one has not", () => {
        for (const notAllowed of notEscalating) {
            const missing = ["update leases.coordination.k8s.io", "get nodes/metrics", notAllowed];
            asOutcome(`without ${notAllowed}`, permissionsOutcome(configWith(full), without(...missing)), "failure");
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
        asOutcome(
            "permissionsOutcome says: that hopcost metrics won't work, where there are any",
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
    it("says what is missing for a probe, which is no failure", () => {
        assert.equal(
            probeForbidden(() => true),
            undefined,
        );
        asOutcome(
            "probeForbidden: says what is missing for a probe, which is no failure",
            probeForbidden(without("create pods", "delete namespaces")),
            "warning",
        );
    });
});
