import type { Reading } from "../../model/reading.ts";
import type { Counters } from "../../model/trial.ts";
import { isCount, shortened, textOf } from "./figure.ts";
import type { ReadText } from "./kernel-files.ts";

/** The figures of a Pod's network. */
export type NetworkFigures = Pick<Counters, "networkReceiveBytes" | "networkSendBytes" | "loopbackBytes">;

/** Bytes that an interface has received and sent. */
export interface InterfaceBytes {
    name: string;
    received: number;
    sent: number;
}

/**
 * Reads the bytes of all interfaces except `lo`, and the bytes that `lo` received, which equal those it sent.
 * @param pid a process of the Pod: /proc/net/dev would show the network namespace of the reader
 */
export function networkFigures(pid: number, read: ReadText): NetworkFigures {
    const { path, text } = textOf(read, `/proc/${pid}/net/dev`);
    const interfaces = typeof text === "string" ? parseInterfaces(path, text) : text;
    if (!Array.isArray(interfaces)) {
        return { networkReceiveBytes: interfaces, networkSendBytes: interfaces, loopbackBytes: interfaces };
    }
    const others = interfaces.filter(({ name }) => name !== "lo");
    return {
        networkReceiveBytes: others.reduce((sum, { received }) => sum + received, 0),
        networkSendBytes: others.reduce((sum, { sent }) => sum + sent, 0),
        loopbackBytes: interfaces.find(({ name }) => name === "lo")?.received ?? { unavailable: `${path}: no lo` },
    };
}

/**
 * Parses /proc/net/dev: two lines of headings, then for each interface 8 figures received and 8 sent.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export function parseInterfaces(path: string, text: string): Reading<InterfaceBytes[]> {
    const interfaces: InterfaceBytes[] = [];
    for (const line of text.split("\n").filter((each) => each.includes(":"))) {
        const [name = "", figures = ""] = line.split(":");
        const [received = "", , , , , , , , sent = ""] = figures.trim().split(/\s+/);
        if (!isCount(received) || !isCount(sent)) {
            return { unavailable: `${path}: "${shortened(line.trim())}" lacks bytes received and sent` };
        }
        interfaces.push({ name: name.trim(), received: Number(received), sent: Number(sent) });
    }
    return interfaces.length > 0 ? interfaces : { unavailable: `${path}: no interface` };
}
