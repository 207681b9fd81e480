import { existsSync } from "node:fs";

/**
 * Where servers listen: on all addresses of both families. In an IPv6 cluster, probes and clients come by IPv6; a kernel can
 * also be without it.
 */
export const anyAddress = existsSync("/proc/net/if_inet6") ? "::" : "0.0.0.0";
