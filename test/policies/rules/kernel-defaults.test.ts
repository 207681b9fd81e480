import { kernelDefaults } from "../../../policies/rules/kernel-defaults.ts";
import { changed, web } from "../program.ts";
import { unknown, unknownAt, verdicts } from "../support.ts";

verdicts(kernelDefaults, [
    [
        "passes a safe sysctl",
        [changed(web, "spec.template.spec.securityContext.sysctls", [{ name: "net.ipv4.tcp_syncookies", value: "1" }])],
        [],
    ],
    [
        "names what the container changes",
        [
            changed(web, "spec.template.spec.containers.0.securityContext", {
                procMount: "Unmasked",
                seLinuxOptions: { type: "spc_t" },
                appArmorProfile: { type: "Unconfined" },
                windowsOptions: { hostProcess: true },
            }),
        ],
        [
            'Deployment "web", container "app": has procMount: Unmasked; remove it from securityContext',
            'Deployment "web", container "app": has seLinuxOptions of its own; remove it from securityContext',
            'Deployment "web", container "app": has appArmorProfile.type: Unconfined; remove it from securityContext',
            'Deployment "web", container "app": has windowsOptions.hostProcess; remove it from securityContext',
        ],
    ],
    [
        "names an unsafe sysctl of the Pod",
        [changed(web, "spec.template.spec.securityContext.sysctls", [{ name: "kernel.msgmax", value: "1" }])],
        [
            'Deployment "web", container "app": has the unsafe sysctl kernel.msgmax; remove it from the Pod\'s securityContext.sysctls',
        ],
    ],
    [
        "says what it could not see yet",
        [changed(web, "spec.template.spec.containers.0.securityContext.procMount", unknown)],
        [unknownAt('Deployment "web", container "app"', "spec.template.spec.containers.0.securityContext.procMount")],
    ],
]);
