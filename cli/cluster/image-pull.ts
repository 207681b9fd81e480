import type { HopcostConfig } from "../../config/config.ts";
import { shellWord } from "../terminal/shell-word.ts";

/** The kubelet's reasons for an image that it can't get. */
export const pullFailures: readonly string[] = [
    ...["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"],
];

/** What to do if the nodes can't get an image: on local clusters it can be loaded from this machine. */
export function pullRemedy({ context }: Pick<HopcostConfig, "context">, image: string): string {
    const any =
        "set hopcost:image to one that the nodes can pull, hopcost:registry to a mirror, or hopcost:imagePullSecret to a Secret with the password of its registry";
    const load = loadCommand(context, shellWord(image));
    if (load !== undefined) return `load it into the nodes with: ${load}; or ${any}`;
    const isEcr = /\.dkr\.ecr\./.test(image);
    return isEcr ? `allow the role of the nodes to pull from that repository; or ${any}` : any;
}

/** The command that loads an image into a cluster on this machine; undefined if the context is not of one. */
function loadCommand(context: string, image: string): string | undefined {
    const [, k3d] = /^k3d-(.+)$/.exec(context) ?? [];
    const [, kind] = /^kind-(.+)$/.exec(context) ?? [];
    if (context === "minikube") return `minikube image load ${image}`;
    if (k3d !== undefined) return `k3d image import ${image} --cluster ${shellWord(k3d)}`;
    if (kind !== undefined) return `kind load docker-image ${image} --name ${shellWord(kind)}`;
    return undefined;
}
