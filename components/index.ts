/** The components, for other Pulumi programs. */

export type { AvailabilityArgs, ProbeArgs, RollingUpdate } from "../model/availability.ts";
export type { Endpoint, Mode, PlanCells, Target } from "../model/plan.ts";
export type { Profile } from "../model/profiles.ts";
export type { Results } from "../model/results.ts";
export type { Instance } from "../model/scenarios.ts";
export { ArgumentError } from "./argument-error.ts";

export { BenchmarkJob, type BenchmarkJobArgs } from "./benchmark-job.ts";
export type { PlanOverrides } from "./benchmark-plan.ts";
export type { NetworkEndpoints, VolumeEndpoints } from "./endpoints.ts";
export type { MeasuredPodArgs, Placement } from "./measured-pod-args.ts";
export { MetricsStack, type MetricsStackArgs } from "./metrics-stack.ts";
export { NetworkPair, type NetworkPairArgs } from "./network-pair.ts";
export { SharedVolumePod, type SharedVolumePodArgs, type VolumeMedium } from "./shared-volume-pod.ts";
export { WorkloadCode, type WorkloadCodeArgs } from "./workload-code.ts";
