import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "./argument-error.ts";
import { type Bundle, shortHash, workloadBundle } from "./bundle.ts";
import { childOptions } from "./child-options.ts";
import { labelsOf } from "./measured-pod.ts";

/** Arguments of {@link WorkloadCode}. */
export interface WorkloadCodeArgs {
    /** Namespace of the ConfigMap: that of the Pods that mount it. */
    namespace: pulumi.Input<string>;
}

/** Longest name: those of the components are shorter by the suffix "-code". */
const longestName = 44;

/** Most code in a ConfigMap, bytes; Kubernetes allows 1 MiB for the whole object. */
export const codeLimit = 900 * 1024;

/**
 * The code of all roles in an immutable ConfigMap, mounted into a stock Node image, so that no image must be built.
 * Changed code gets a new name, which rolls the Pods. The components of a program share one: Pulumi stores its content
 * three times in the state, and writes the whole state at every step.
 */
export class WorkloadCode extends pulumi.ComponentResource {
    /** Name of the ConfigMap; ends in the hash of its content. */
    readonly configMapName: pulumi.Output<string>;

    /** @throws ArgumentError if the code is larger than {@link codeLimit} */
    constructor(name: string, args: WorkloadCodeArgs, opts?: pulumi.ComponentResourceOptions) {
        const bundle = workloadBundle();
        refuse("WorkloadCode", name, [codeProblem(bundle)], longestName);
        super("hopcost:index:WorkloadCode", name, args, opts);
        const configMap = new k8s.core.v1.ConfigMap(
            `${name}-files`,
            codeConfigMap(name, args.namespace, bundle),
            childOptions(this, opts),
        );
        this.configMapName = configMap.metadata.name;
        this.registerOutputs({ configMapName: this.configMapName });
    }
}

/** The ConfigMap of a bundle. */
export function codeConfigMap(name: string, namespace: pulumi.Input<string>, bundle: Bundle) {
    const files = Object.entries(bundle.files);
    return {
        metadata: { name: `${name}-${shortHash(files.flat())}`, namespace, labels: labelsOf(name, "code") },
        immutable: true,
        binaryData: Object.fromEntries(files.map(([file, contents]) => [file, contents.toString("base64")])),
    };
}

/** What is wrong with the size of a bundle. */
export function codeProblem(bundle: Bundle): string | undefined {
    const bytes = Object.values(bundle.files).reduce((sum, contents) => sum + contents.length, 0);
    if (bytes <= codeLimit) return undefined;
    return `the workload code takes ${Math.ceil(bytes / 1024)} KiB, but at most ${codeLimit / 1024} KiB fit in a ConfigMap; import fewer or smaller packages in workloads`;
}
