import type { Container, Pod, PodSpec } from "../pod-specs.ts";
import { containerRule } from "../rule.ts";

type PodContext = NonNullable<PodSpec["securityContext"]>;
type Context = Partial<NonNullable<Container["securityContext"]> & PodContext>;

const safeSysctls = [
    ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
    ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
    ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
    ...["net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
];
const confinedTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "AppArmor", "SELinux", "/proc Mount Type", "Sysctls" */
export const kernelDefaults = containerRule(
    {
        name: "kernel-defaults",
        group: "security",
        ofPatches: true,
        description:
            "AppArmor, SELinux, /proc and sysctls stay as the container runtime sets them. They confine the container.",
    },
    ({ name, securityContext = {} }, pod) => [
        ...changes(securityContext),
        ...podsChanges(pod),
        unconfinedBy(pod.metadata.annotations, name),
    ],
);

/** AppArmor's older annotation, which clusters still read. */
function unconfinedBy(annotations: Record<string, string> = {}, container: string): string | undefined {
    const annotation = `container.apparmor.security.beta.kubernetes.io/${container}`;
    return annotations[annotation] === "unconfined"
        ? `has the annotation ${annotation}: unconfined; remove it from the Pod`
        : undefined;
}

/** Changes by the Pod; they apply to each of its containers. */
function podsChanges({ spec: { securityContext = {} } }: Pod): string[] {
    const unsafe = (securityContext.sysctls ?? []).filter(({ name }) => !safeSysctls.includes(name));
    return [
        ...changes(securityContext),
        ...unsafe.map(({ name }) => `has the unsafe sysctl ${name}; remove it from the Pod's securityContext.sysctls`),
    ];
}

function changes({ procMount, seLinuxOptions = {}, appArmorProfile, windowsOptions }: Context): string[] {
    const { type = "", user = "", role = "" } = seLinuxOptions;
    const found = {
        "procMount: Unmasked": procMount !== undefined && procMount !== "Default",
        "seLinuxOptions of its own": !confinedTypes.includes(type) || user !== "" || role !== "",
        "appArmorProfile.type: Unconfined": appArmorProfile?.type === "Unconfined",
        "windowsOptions.hostProcess": windowsOptions?.hostProcess === true,
    };
    return Object.entries(found).flatMap(([what, is]) => (is ? `has ${what}; remove it from securityContext` : []));
}
