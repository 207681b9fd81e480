import { restrictedVolumes } from "../../../policies/rules/restricted-volumes.ts";
import { changed, pair, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(restrictedVolumes, [
    [
        "passes an emptyDir, and leaves hostPath to its own policy",
        [changed(pair, "spec.template.spec.volumes.1", { name: "host", hostPath: { path: "/" } })],
        [],
    ],
    [
        "names volume and type",
        [changed(web, "spec.template.spec.volumes", [{ name: "share", nfs: { server: "nas", path: "/" } }])],
        [
            'Deployment "web": ... "share" ... nfs ... configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.volumes.0", unknown)],
        [unknownAt('Deployment "web"', "spec.template.spec.volumes.0")],
    ],
]);
