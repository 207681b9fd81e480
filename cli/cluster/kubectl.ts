import type { HopcostConfig } from "../../config/config.ts";
import { shellWord } from "../terminal/shell-word.ts";

/** How to call kubectl for the cluster of a stack, e.g. `kubectl --context minikube`; the arguments follow it. */
export function kubectl({ context, kubeconfig }: Pick<HopcostConfig, "context" | "kubeconfig">): string {
    return `kubectl${kubeconfig === undefined ? "" : ` --kubeconfig ${shellWord(kubeconfig)}`} --context ${shellWord(context)}`;
}
