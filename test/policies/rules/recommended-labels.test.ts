import { recommendedLabels } from "../../../policies/rules/recommended-labels.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(recommendedLabels, [
    ["passes if the object and its Pods have them", [web], []],
    [
        "names the missing labels, and where to add them",
        [
            changed(changed(web, "metadata.labels", undefined), "spec.template.metadata.labels", {
                "app.kubernetes.io/name": "web",
                "app.kubernetes.io/part-of": "shop",
            }),
        ],
        [
            'Deployment "web": lacks app.kubernetes.io/name, app.kubernetes.io/instance, app.kubernetes.io/part-of, app.kubernetes.io/managed-by; add them to metadata.labels',
            'Deployment "web": lacks app.kubernetes.io/instance, app.kubernetes.io/managed-by; add them to the labels of its Pod template',
        ],
    ],
    [
        "requires the configured labels",
        [web],
        [
            'Deployment "web": lacks team; add them to metadata.labels',
            'Deployment "web": lacks team; add them to the labels of its Pod template',
        ],
        { labels: ["team"] },
    ],
    [
        "reports an unknown value",
        [changed(web, "metadata.labels", unknown)],
        [unknownAt('Deployment "web"', "metadata.labels")],
    ],
]);
