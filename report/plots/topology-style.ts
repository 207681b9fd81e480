import { mainArms } from "../../model/arms.ts";
import { topologyWords } from "../words/scenario-words.ts";

/** An arm whose colour and marker stand for the topology; one of another version looks like other families. */
export function armOf(topology: string): string {
    return topology in mainArms ? mainArms[topology as keyof typeof mainArms] : `${topology}/other`;
}

/** `network: two Pods`; one of another version by its name. */
export function topologyTitle(topology: string): string {
    const words = topologyWords(topology);
    return words === topology ? topology : `${topology}: ${words}`;
}
