import type { CoreV1Api } from "@kubernetes/client-node";
import { outputOf, restrictedPod } from "../sandbox/restricted-pod.ts";
import { eventually } from "./support.ts";

/**
 * Which addresses a new Pod with these labels can connect to.
 * @param addresses by name, each with its port, e.g. `10.96.3.4:7070`
 * @returns their names, in the given order
 */
export async function reachableFrom(
    core: CoreV1Api,
    namespace: string,
    labels: Record<string, string>,
    addresses: Record<string, string>,
): Promise<string[]> {
    const name = `from-${Math.random().toString(36).slice(2)}`;
    const script = `
        const { connect } = require("node:net");
        const reach = (address) => new Promise((resolve) => {
            const colon = address.lastIndexOf(":");
            const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), timeout: 2000 });
            const end = (reached) => { socket.destroy(); resolve(reached); };
            socket.on("connect", () => end(true)).on("error", () => end(false)).on("timeout", () => end(false));
        });
        const all = ${JSON.stringify(addresses)};
        // Until its own address is in the rules, kube-router lets a new Pod reach everything.
        setTimeout(() => {
            Promise.all(Object.entries(all).map(async ([name, address]) => (await reach(address)) ? [name] : []))
                .then((reached) => console.log(JSON.stringify(reached.flat())));
        }, 6000);`;
    const output = await outputOf(core, namespace, name, restrictedPod(script), labels);
    await core.deleteNamespacedPod({ namespace, name });
    return JSON.parse(output);
}

/** Starts a Pod that listens on port 8080 of all its addresses, and waits until it runs. */
export async function createListener(
    core: CoreV1Api,
    namespace: string,
    name: string,
    labels: Record<string, string>,
): Promise<void> {
    const spec = restrictedPod('require("node:http").createServer(() => {}).listen(8080)');
    await core.createNamespacedPod({ namespace, body: { metadata: { name, labels }, spec } });
    await eventually(name, 20, async () => {
        const { status } = await core.readNamespacedPod({ namespace, name });
        return status?.phase === "Running" ? true : undefined;
    });
}
