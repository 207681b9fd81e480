import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import type { MeasuredRole } from "../../../model/roles.ts";

const workloads = join(import.meta.dirname, "..", "..", "..", "workloads");

/** A port that was just free. */
export async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
}

/** One of our programs in its own process. */
export class Program {
    readonly child: ChildProcess;
    output = "";

    constructor(path: string, env: Record<string, string>) {
        this.child = spawn(process.execPath, [join(workloads, path)], {
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream?.on("data", (chunk) => {
                this.output += chunk;
            });
        }
    }

    /** Exit code, or the signal's name. */
    async ended(): Promise<number | string> {
        const { exitCode, signalCode } = this.child;
        if (exitCode !== null) return exitCode;
        if (signalCode !== null) return signalCode;
        const [code, signal] = await once(this.child, "exit");
        return code ?? signal;
    }

    async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | string> {
        this.child.kill(signal);
        return this.ended();
    }
}

/** A role's agent in its own process. */
export class Server extends Program {
    readonly url: string;

    private constructor(role: MeasuredRole, port: number, env: Record<string, string>) {
        super(`${role}/server.ts`, { HOPCOST_AGENT_PORT: String(port), HOPCOST_NODE_NAME: "node-1", ...env });
        this.url = `http://127.0.0.1:${port}`;
    }

    /** @param port port of the agent API; by default a free one */
    static async start(role: MeasuredRole, env: Record<string, string> = {}, port?: number): Promise<Server> {
        const server = new Server(role, port ?? (await freePort()), env);
        for (;;) {
            const answer = await fetch(`${server.url}/healthz`).catch(() => undefined);
            if (answer?.ok) return server;
            if (server.child.exitCode !== null) throw new Error(`${role} ended: ${server.output}`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    }

    /** Status and body of the answer. */
    async call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
        const answer = await fetch(this.url + path, {
            method,
            ...(body === undefined
                ? {}
                : {
                      body: typeof body === "string" ? body : JSON.stringify(body),
                      headers: { "content-type": "application/json" },
                  }),
        });
        return { status: answer.status, body: await answer.json() };
    }

    /** The body of a 200. @throws Error with the body of another answer */
    async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
        const answer = await this.call(method, path, body);
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
        return answer.body as T;
    }
}
