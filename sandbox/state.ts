import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { stateFile } from "./layout.ts";
import { isIdentity, type ProcessIdentity } from "./process-identity.ts";

/** What the sandbox remembers of a node between two commands. */
export interface NodeState {
    /** From 1, which is the control node. */
    number: number;
    /** First process of the node. */
    holder: ProcessIdentity;
    /** Whether its start came to its end; else it was interrupted and is to be cleaned up. */
    complete: boolean;
}

/** Reads what is remembered of the nodes, the control node first; empty if there is nothing or it is damaged. */
export function readState(path: string = stateFile): NodeState[] {
    try {
        const { nodes } = JSON.parse(readFileSync(path, "utf8")) as { nodes: Partial<NodeState>[] };
        return nodes.map(({ number, holder, complete }) => {
            if (number === undefined || !isIdentity(holder)) throw new Error(`${path} is damaged`);
            return { number, holder, complete: complete === true };
        });
    } catch {
        return [];
    }
}

/** Remembers a node in place of what was known of it. */
export function rememberNode(node: NodeState, path: string = stateFile): void {
    const nodes = [...othersThan(node.number, path), node];
    writeState(
        nodes.sort((a, b) => a.number - b.number),
        path,
    );
}

/** Forgets a node that is gone. */
export function forgetNode(number: number, path: string = stateFile): void {
    writeState(othersThan(number, path), path);
}

function othersThan(number: number, path: string): NodeState[] {
    return readState(path).filter((node) => node.number !== number);
}

/** A reader sees the old content or the new, never a half. */
function writeState(nodes: NodeState[], path: string): void {
    writeFileSync(`${path}.draft`, JSON.stringify({ nodes }));
    renameSync(`${path}.draft`, path);
}
