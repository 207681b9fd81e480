import type { V1Node } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { type Outcome, ok } from "./check.ts";
import { roomsOf } from "./node-room.ts";

/**
 * On how many nodes the images already are. A missing image is not a fault, and nodes report only their fifty largest: the
 * probe Pod finds out whether the experiment's image can be pulled.
 * @param nodes undefined if the user isn't allowed to list them
 */
export function imageOutcome(config: HopcostConfig, nodes: readonly V1Node[] | undefined): Outcome {
    const images = imagesOf(config);
    if (nodes === undefined) return ok(`${images.join(", ")}: pulled if missing (you aren't allowed to list nodes)`);
    const fit = roomsOf(nodes, [], config.pod).filter(({ unfit }) => unfit === undefined);
    const candidates = nodes.filter(({ metadata }) => fit.some(({ name }) => name === metadata?.name));
    const lines = images.map((image) => {
        const having = candidates.filter((node) => hasImage(node, image)).length;
        return `${image}: ${having} of ${candidates.length}`;
    });
    return ok(`nodes known to have them: ${lines.join("; ")}; the others pull them`);
}

function imagesOf({ image, metrics }: HopcostConfig): string[] {
    return [image, ...(metrics ? [metrics.image] : []), ...(metrics?.grafana ? [metrics.grafana.image] : [])];
}

function hasImage({ status }: V1Node, image: string): boolean {
    return (status?.images ?? []).some(({ names }) => (names ?? []).includes(fullName(image)));
}

/** The full name, as nodes report it: with Docker Hub's host and `library/`, which people leave out. */
export function fullName(image: string): string {
    const [first = "", ...rest] = image.split("/");
    if (rest.length === 0) return `docker.io/library/${image}`;
    const isHost = first === "localhost" || /[.:]/.test(first);
    return isHost ? image : `docker.io/${image}`;
}
