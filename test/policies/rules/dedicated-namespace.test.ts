import { dedicatedNamespace } from "../../../policies/rules/dedicated-namespace.ts";
import { changed, configMap, namespace, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(dedicatedNamespace, [
    ["passes what is in one, and the namespace itself", [web, configMap, namespace], []],
    [
        "names what is in none, in default, or in one of Kubernetes' own",
        [changed(web, "metadata.namespace", undefined), changed(configMap, "metadata.namespace", "kube-system")],
        [
            'Deployment "web": is in the namespace "default"; set metadata.namespace to a dedicated namespace',
            'ConfigMap "code-0123abcd": is in the namespace "kube-system"; set metadata.namespace to a dedicated namespace',
        ],
    ],
    [
        "says what it could not see yet",
        [changed(web, "metadata.namespace", unknown)],
        [unknownAt('Deployment "web"', "metadata.namespace")],
    ],
]);
