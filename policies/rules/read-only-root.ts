import { isOfWindows } from "../pod-specs.ts";
import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ */
export const readOnlyRoot = containerRule(
    {
        name: "read-only-root",
        group: "security",
        description:
            "The root file system of every container is read-only. An attacker can't change programs there, and all files are written to volumes.",
    },
    ({ securityContext }, pod) =>
        isOfWindows(pod) || securityContext?.readOnlyRootFilesystem === true
            ? undefined
            : "can write to its root file system; set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir for the files it writes",
);
