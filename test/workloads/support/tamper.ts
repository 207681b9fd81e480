import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Tampered {
    url: string;
    stop(): void;
}

/** A proxy of an agent that changes figures in its answers; a change with a `status` answers only with that. */
export async function tamper(target: string, changes: Record<string, () => object>): Promise<Tampered> {
    const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const change = changes[request.url ?? ""]?.();
        if (change !== undefined && "status" in change) {
            response.writeHead(Number(change.status), { "content-type": "application/json" });
            return void response.end(JSON.stringify({ error: "made to fail by the test" }));
        }
        const answer = await fetch(target + request.url, {
            method: request.method ?? "GET",
            ...(body === "" ? {} : { body, headers: { "content-type": "application/json" } }),
        }).catch(() => undefined);
        if (answer === undefined) return void response.destroy(); // its target is dead
        const json = (await answer.json()) as object;
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(Array.isArray(json) ? json : { ...json, ...change }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const stop = () => {
        server.closeAllConnections();
        server.close();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** A proxy of an agent that reports no steal time, so that the hypervisor never makes a trial noisy. */
export function calm(target: string): Promise<Tampered> {
    return tamper(target, { "/host": () => ({ stealFraction: 0 }) });
}
