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
            'Deployment "web": ... app.kubernetes.io/name ... app.kubernetes.io/instance ... app.kubernetes.io/part-of ... app.kubernetes.io/managed-by ... metadata.labels',
            'Deployment "web": ... app.kubernetes.io/instance ... app.kubernetes.io/managed-by ... Pod',
        ],
    ],
    [
        "requires the configured labels",
        [web],
        ['Deployment "web": ... team ... metadata.labels', 'Deployment "web": ... team ... Pod'],
        { labels: ["team"] },
    ],
    [
        "reports an unknown value",
        [changed(web, "metadata.labels", unknown)],
        [unknownAt('Deployment "web"', "metadata.labels")],
    ],
]);
