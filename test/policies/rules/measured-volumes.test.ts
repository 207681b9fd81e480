import { measuredVolumes } from "../../../policies/rules/measured-volumes.ts";
import { changed, pair, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

const onDisk = changed(pair, "spec.template.spec.volumes.0.emptyDir", { sizeLimit: "1Gi" });

const twoFindings = [
    'Deployment "vol-pod": ... "shared" ... emptyDir.medium ... Memory ... hopcost.io/disk-volumes',
    'Deployment "vol-pod": ... "shared" ... emptyDir.sizeLimit ... 128Mi',
];

verdicts(measuredVolumes, [
    [
        "passes both media, and skips Pods that are not measured",
        [
            pair,
            changed(onDisk, "spec.template.metadata.annotations", { "hopcost.io/disk-volumes": "other, shared" }),
            changed(web, "spec.template.spec.volumes", [{ name: "tmp", emptyDir: {} }]),
        ],
        [],
    ],
    ["names each missing field", [changed(pair, "spec.template.spec.volumes.0.emptyDir", {})], twoFindings],
    [
        "takes a volume without a type for an emptyDir, as Kubernetes does",
        [changed(pair, "spec.template.spec.volumes.0.emptyDir", null)],
        twoFindings,
    ],
    [
        "reports an unknown value",
        [changed(pair, "spec.template.spec.volumes.0.emptyDir.sizeLimit", unknown)],
        [unknownAt('Deployment "vol-pod"', "spec.template.spec.volumes.0.emptyDir.sizeLimit")],
    ],
]);
