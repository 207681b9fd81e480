import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { chaosScope } from "./rules/chaos-scope.ts";
import { clusterIpServices } from "./rules/cluster-ip-services.ts";
import { configMapSize } from "./rules/config-map-size.ts";
import { dedicatedNamespace } from "./rules/dedicated-namespace.ts";
import { defaultDeny } from "./rules/default-deny.ts";
import { dropCapabilities } from "./rules/drop-capabilities.ts";
import { imageDigest } from "./rules/image-digest.ts";
import { imageTag } from "./rules/image-tag.ts";
import { immutableConfigMaps } from "./rules/immutable-config-maps.ts";
import { jobDeadline } from "./rules/job-deadline.ts";
import { jobSingleAttempt } from "./rules/job-single-attempt.ts";
import { kernelDefaults } from "./rules/kernel-defaults.ts";
import { measuredCpuLimit } from "./rules/measured-cpu-limit.ts";
import { measuredMemory } from "./rules/measured-memory.ts";
import { measuredVolumes } from "./rules/measured-volumes.ts";
import { noAutoscaling } from "./rules/no-autoscaling.ts";
import { noClusterRoles } from "./rules/no-cluster-roles.ts";
import { noDisruptionBudgets } from "./rules/no-disruption-budgets.ts";
import { noHostNamespaces } from "./rules/no-host-namespaces.ts";
import { noHostPaths } from "./rules/no-host-paths.ts";
import { noHostPorts } from "./rules/no-host-ports.ts";
import { noIdleTokens } from "./rules/no-idle-tokens.ts";
import { noMeshSidecars } from "./rules/no-mesh-sidecars.ts";
import { noPrivilegeEscalation } from "./rules/no-privilege-escalation.ts";
import { noProbeHosts } from "./rules/no-probe-hosts.ts";
import { noSecretLiterals } from "./rules/no-secret-literals.ts";
import { noWildcardRoles } from "./rules/no-wildcard-roles.ts";
import { pullPolicy } from "./rules/pull-policy.ts";
import { quietProbes } from "./rules/quiet-probes.ts";
import { readOnlyRoot } from "./rules/read-only-root.ts";
import { recommendedLabels } from "./rules/recommended-labels.ts";
import { restrictedNamespace } from "./rules/restricted-namespace.ts";
import { restrictedVolumes } from "./rules/restricted-volumes.ts";
import { runAsNonRoot } from "./rules/run-as-non-root.ts";
import { sameImage } from "./rules/same-image.ts";
import { sameNodeFlags } from "./rules/same-node-flags.ts";
import { samePlacement } from "./rules/same-placement.ts";
import { sameResources } from "./rules/same-resources.ts";
import { seccompProfile } from "./rules/seccomp-profile.ts";
import { stableApiVersions } from "./rules/stable-api-versions.ts";

/** Every rule of the pack, in display order. */
export const rules: readonly (ResourceValidationPolicy | StackValidationPolicy)[] = [
    // security
    clusterIpServices,
    dedicatedNamespace,
    defaultDeny,
    dropCapabilities,
    kernelDefaults,
    noClusterRoles,
    noHostNamespaces,
    noHostPaths,
    noHostPorts,
    noIdleTokens,
    noPrivilegeEscalation,
    noProbeHosts,
    noSecretLiterals,
    noWildcardRoles,
    readOnlyRoot,
    restrictedNamespace,
    restrictedVolumes,
    runAsNonRoot,
    seccompProfile,
    // reproducibility
    configMapSize,
    imageDigest,
    imageTag,
    immutableConfigMaps,
    jobDeadline,
    jobSingleAttempt,
    pullPolicy,
    recommendedLabels,
    stableApiVersions,
    // fairness
    chaosScope,
    measuredCpuLimit,
    measuredMemory,
    measuredVolumes,
    noAutoscaling,
    noDisruptionBudgets,
    noMeshSidecars,
    quietProbes,
    sameImage,
    sameNodeFlags,
    samePlacement,
    sameResources,
];
