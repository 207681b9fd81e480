import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type IpFamily, ipFamilies, stateFile } from "./layout.ts";
import { isIdentity, type ProcessIdentity } from "./process-identity.ts";

/** Saved state of a node between two commands. */
export interface NodeState {
    /** From 1, which is the control node. */
    number: number;
    family: IpFamily;
    /** First process of the node. */
    holder: ProcessIdentity;
    /** Whether kube-router runs on it, which enforces NetworkPolicies. */
    enforces: boolean;
    /** Whether its start was completed; otherwise it was interrupted and must be cleaned up. */
    complete: boolean;
}

/** Reads the saved state of the nodes, the control node first; empty if there is none or it is damaged. */
export function readState(path: string = stateFile): NodeState[] {
    try {
        const { nodes } = JSON.parse(readFileSync(path, "utf8")) as { nodes: Partial<NodeState>[] };
        return nodes.map(({ number, family, holder, enforces, complete }) => {
            if (number === undefined || !isFamily(family) || !isIdentity(holder)) throw new Error(`${path} is damaged`);
            return { number, family, holder, enforces: enforces !== false, complete: complete === true };
        });
    } catch {
        return [];
    }
}

function isFamily(value: unknown): value is IpFamily {
    return (ipFamilies as readonly unknown[]).includes(value);
}

/** Saves the state of a node, replacing an older one. */
export function rememberNode(node: NodeState, path: string = stateFile): void {
    const nodes = [...othersThan(node.number, path), node];
    writeState(
        nodes.sort((a, b) => a.number - b.number),
        path,
    );
}

/** Removes the state of a node that is gone. */
export function forgetNode(number: number, path: string = stateFile): void {
    writeState(othersThan(number, path), path);
}

function othersThan(number: number, path: string): NodeState[] {
    return readState(path).filter((node) => node.number !== number);
}

/** Atomic: a reader sees the old content or the new. */
function writeState(nodes: NodeState[], path: string): void {
    writeFileSync(`${path}.draft`, JSON.stringify({ nodes }));
    renameSync(`${path}.draft`, path);
}
