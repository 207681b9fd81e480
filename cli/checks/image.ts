import type { V1Node } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { type Outcome, ok } from "./check.ts";
import { roomsOf } from "./node-room.ts";

/**
 * On how many nodes the images are already. One that is missing is no fault, and nodes tell of their fifty largest alone: the
 * probe Pod finds out whether that of the experiment can be had.
 * @param nodes undefined where they may not be listed
 */
export function imageOutcome(config: HopcostConfig, nodes: readonly V1Node[] | undefined): Outcome {
    const images = imagesOf(config);
    if (nodes === undefined) return ok(`${images.join(", ")}: pulled where they are missing (you may not list nodes)`);
    const fit = roomsOf(nodes, []).filter(({ unfit }) => unfit === undefined);
    const candidates = nodes.filter(({ metadata }) => fit.some(({ name }) => name === metadata?.name));
    const lines = images.map((image) => {
        const having = candidates.filter((node) => hasImage(node, image)).length;
        return `${image}: ${having} of ${candidates.length}`;
    });
    return ok(`nodes that are known to have them: ${lines.join("; ")}; the others pull them`);
}

function imagesOf({ image, metrics }: HopcostConfig): string[] {
    return [image, ...(metrics ? [metrics.image] : []), ...(metrics?.grafana ? [metrics.grafana.image] : [])];
}

function hasImage({ status }: V1Node, image: string): boolean {
    return (status?.images ?? []).some(({ names }) => (names ?? []).includes(fullName(image)));
}

/** The name as nodes tell it: Docker Hub's and its library's are left out by people only. */
export function fullName(image: string): string {
    const [first = "", ...rest] = image.split("/");
    if (rest.length === 0) return `docker.io/library/${image}`;
    const isHost = first === "localhost" || /[.:]/.test(first);
    return isHost ? image : `docker.io/${image}`;
}
