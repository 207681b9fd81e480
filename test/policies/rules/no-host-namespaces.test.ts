import { noHostNamespaces } from "../../../policies/rules/no-host-namespaces.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(noHostNamespaces, [
    ["passes if no namespace is shared", [changed(web, "spec.template.spec.hostNetwork", false)], []],
    [
        "names each shared namespace",
        [changed(changed(web, "spec.template.spec.hostNetwork", true), "spec.template.spec.hostPID", true)],
        ['Deployment "web": ... hostNetwork', 'Deployment "web": ... hostPID'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.hostIPC", unknown)],
        [unknownAt('Deployment "web"', "spec.template.spec.hostIPC")],
    ],
]);
