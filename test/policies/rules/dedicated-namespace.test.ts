import { dedicatedNamespace } from "../../../policies/rules/dedicated-namespace.ts";
import { changed, configMap, namespace, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(dedicatedNamespace, [
    ["passes objects in a dedicated namespace, and the namespace itself", [web, configMap, namespace], []],
    [
        "refuses objects without a namespace, in default, or in one of Kubernetes' own",
        [changed(web, "metadata.namespace", undefined), changed(configMap, "metadata.namespace", "kube-system")],
        [
            'Deployment "web": ... "default" ... metadata.namespace',
            'ConfigMap "code-0123abcd": ... "kube-system" ... metadata.namespace',
        ],
    ],
    [
        "reports an unknown value",
        [changed(web, "metadata.namespace", unknown)],
        [unknownAt('Deployment "web"', "metadata.namespace")],
    ],
]);
