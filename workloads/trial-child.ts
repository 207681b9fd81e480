import { messageOf } from "../model/error.ts";
import type { Measure, Measured, Payload, Prepare, StartTrial } from "./agent/api.ts";

/** Requests that a measured process serves; those its role lacks are absent. */
export interface TrialHandlers {
    prepare?: (body: Prepare) => Promise<Payload[]>;
    measure?: (body: Measure) => Promise<Measured>;
    received?: () => Promise<Payload[]>;
    close: () => Promise<void>;
}

/** From the agent to the measured process. */
export interface Call {
    id: number;
    call: "start" | "prepare" | "measure" | "received";
    body: unknown;
}

/** The reply: a result or what failed. */
export type Reply = { id: number; result: unknown } | { id: number; error: string; code?: string };

/** Serves the agent's calls in the measured process, which lives for one trial. */
export function serveTrial(start: (trial: StartTrial) => Promise<TrialHandlers>): void {
    let handlers: TrialHandlers | undefined;
    const answer = async ({ call, body }: Call): Promise<unknown> => {
        if (call === "start") {
            handlers = await start(body as StartTrial);
            return {};
        }
        const handler = handlers?.[call] as ((body: unknown) => Promise<unknown>) | undefined;
        if (handler === undefined) throw new Error(`this role does not support "${call}"`);
        return handler(body);
    };
    process.on("message", (message: Call) => {
        answer(message).then(
            (result) => process.send?.({ id: message.id, result } satisfies Reply),
            (error) => {
                const code = error instanceof Error && "code" in error ? { code: String(error.code) } : {};
                process.send?.({ id: message.id, error: messageOf(error), ...code } satisfies Reply);
            },
        );
    });
    // Without its agent this process is useless, and it would keep the port.
    process.on("disconnect", () => process.exit(0));
    // The agent handles signals to the whole group (Ctrl-C).
    process.on("SIGINT", () => {});
}
