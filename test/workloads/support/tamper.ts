import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A control server as it is, but for some figures in its answers. */
export async function tamper(target: string, changes: Record<string, () => object>) {
    const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const answer = await fetch(target + request.url, {
            method: request.method ?? "GET",
            ...(body === "" ? {} : { body, headers: { "content-type": "application/json" } }),
        });
        const json = (await answer.json()) as object;
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify({ ...json, ...changes[request.url ?? ""]?.() }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const stop = () => {
        server.closeAllConnections();
        server.close();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
