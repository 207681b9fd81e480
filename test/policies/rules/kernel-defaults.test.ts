import { kernelDefaults } from "../../../policies/rules/kernel-defaults.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(kernelDefaults, [
    [
        "passes a safe sysctl, and empty SELinux options",
        [
            changed(web, "spec.template.spec.securityContext.sysctls", [
                { name: "net.ipv4.tcp_syncookies", value: "1" },
            ]),
            changed(web, "spec.template.spec.securityContext.seLinuxOptions", {
                level: "s0:c1,c2",
                user: "",
                role: "",
            }),
        ],
        [],
    ],
    [
        "names AppArmor's older annotation",
        [
            changed(web, "spec.template.metadata.annotations", {
                "container.apparmor.security.beta.kubernetes.io/app": "unconfined",
                "container.apparmor.security.beta.kubernetes.io/other": "runtime/default",
            }),
        ],
        [
            'Deployment "web", container "app": ... container.apparmor.security.beta.kubernetes.io/app: unconfined ... Pod',
        ],
    ],
    [
        "names the container's changes",
        [
            changed(web, "spec.template.spec.containers.0.securityContext", {
                procMount: "Unmasked",
                seLinuxOptions: { type: "spc_t" },
                appArmorProfile: { type: "Unconfined" },
                windowsOptions: { hostProcess: true },
            }),
        ],
        [
            'Deployment "web", container "app": ... procMount ... Unmasked ... securityContext',
            'Deployment "web", container "app": ... seLinuxOptions ... securityContext',
            'Deployment "web", container "app": ... appArmorProfile.type ... Unconfined ... securityContext',
            'Deployment "web", container "app": ... windowsOptions.hostProcess ... securityContext',
        ],
    ],
    [
        "names an unsafe sysctl of the Pod",
        [changed(web, "spec.template.spec.securityContext.sysctls", [{ name: "kernel.msgmax", value: "1" }])],
        ['Deployment "web", container "app": ... kernel.msgmax ... securityContext.sysctls'],
    ],
    [
        "reports an unknown value",
        [changed(web, "spec.template.spec.containers.0.securityContext.procMount", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.securityContext.procMount")],
    ],
]);
