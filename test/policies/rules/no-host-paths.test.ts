import { noHostPaths } from "../../../policies/rules/no-host-paths.ts";
import { changed, pair, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noHostPaths, [
    ["passes other volumes", [pair], []],
    [
        "names volume and path",
        [changed(web, "spec.template.spec.volumes", [{ name: "logs", hostPath: { path: "/var/log" } }])],
        ['Deployment "web": ... "logs" ... /var/log ... emptyDir ... PersistentVolumeClaim'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.volumes.0.hostPath", unknown)],
        [unknownAt('Deployment "web"', "spec.template.spec.volumes.0.hostPath")],
    ],
]);
