/** A process that does known work on each message: 200 ms of CPU, 1 MiB to a file, 1 MiB over loopback. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const payload = Buffer.alloc(1024 * 1024, "x");
const folder = mkdtempSync(join(tmpdir(), "hopcost-known-work-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

function burn(): void {
    const start = process.cpuUsage();
    for (let used = 0; used < 200_000; ) {
        const { user, system } = process.cpuUsage(start);
        used = user + system;
    }
}

async function send(): Promise<void> {
    const server = createServer((socket) => socket.resume());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const received = once(server, "connection").then(([socket]) => once(socket, "end"));
    connect((server.address() as AddressInfo).port, "127.0.0.1").end(payload);
    await received;
    server.close();
}

process.on("disconnect", () => process.exit());
process.on("message", async () => {
    burn();
    writeFileSync(join(folder, "payload"), payload);
    await send();
    process.send?.("done");
});
process.send?.("ready");
