import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ledgerOnClaim } from "../../model/ports.ts";
import { type Flow, flowsOf } from "../../model/scenarios.ts";
import type { Layout } from "../volume/layout.ts";

/** The folders of a flow under a volume's mount point. Names of files are sequence numbers. */
export function flowFolders(volume: string, flow: Flow): Layout {
    const folder = (name: string) => join(volume, "scenario", flow, name);
    return { tmp: folder("tmp"), ready: folder("ready"), ack: folder("ack") };
}

/**
 * Makes the folders of all flows, and that of a ledger. A volume that outlives its Pod keeps what an earlier process of the same injection left;
 * what another injection left is removed, since its sequence numbers come again.
 * @param injection undefined if it is not known: nothing is removed then
 * @throws Error if the volume is not mounted or can't be written
 */
export function enterInjection(volume: string, injection: string | undefined): void {
    // Otherwise it would be created in the container's own file system, which the other container doesn't see.
    if (!existsSync(volume)) throw new Error(`no volume is mounted at ${volume}`);
    const mark = join(volume, "scenario", "injection");
    const ledger = join(volume, ledgerOnClaim);
    const folders = [ledger, ...flowsOf("volume").flatMap((flow) => Object.values(flowFolders(volume, flow)))];
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    if (injection === undefined) return;
    const earlier = existsSync(mark) ? readFileSync(mark, "utf8") : undefined;
    if (earlier === injection) return;
    // The folders stay, since they are watched. Without a mark they are new: the other end could already have begun.
    if (earlier !== undefined) for (const folder of folders) empty(folder);
    writeFileSync(mark, injection);
}

function empty(folder: string): void {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** The sequence number that a file is named by; undefined for another file. */
export function sequenceOf(name: string): number | undefined {
    return /^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : undefined;
}
