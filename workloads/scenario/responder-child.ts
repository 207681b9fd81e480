import { messageOf } from "../../model/error.ts";
import { readServerSettings, type ScenarioSettings, type ServerSettings } from "../settings.ts";

/** How often the process that serves messages says that it is alive, in ms. */
export const beatMs = 200;
/** What it says to the agent: that it serves from now on, and that it is alive. */
export type FromChild = "serving" | "alive";
/** What the agent asks of it: to allocate memory until the kernel kills it. */
export type ToChild = "allocate";

/** Bytes that are allocated at once, and the time between, in ms: 800 MB/s. */
const [stepBytes, stepMs] = [16 * 2 ** 20, 20];

/** Starts a responder. @returns once messages are served, with what ends that so that nothing is lost */
type Serve = (settings: ServerSettings & { scenario: ScenarioSettings }) => Promise<{ drain(): Promise<void> }>;

/** Serves messages in the process that the agent has forked. SIGTERM ends it at once, unless it drains. */
export async function serveScenario(role: "receiver" | "reader", serve: Serve): Promise<void> {
    // Without its agent this process is useless, and it would keep the port.
    process.on("disconnect", () => process.exit(0));
    // The agent handles signals to the whole group (Ctrl-C).
    process.on("SIGINT", () => {});
    process.on("message", (message: ToChild) => {
        if (message === "allocate") allocate();
    });
    try {
        const { scenario, ...settings } = readServerSettings(role, process.env);
        if (scenario === undefined) throw new Error("HOPCOST_LEDGER must be set");
        const { drain } = await serve({ ...settings, scenario });
        if (scenario.drain) process.once("SIGTERM", () => void drain().finally(() => process.exit(0)));
        say("serving");
        setInterval(say, beatMs, "alive");
    } catch (error) {
        console.error(`${role}: ${messageOf(error)}`);
        process.exit(1);
    }
}

function say(message: FromChild): void {
    if (process.connected) process.send?.(message);
}

const allocated: Buffer[] = [];

/** Touches every page, since the kernel counts only those. */
function allocate(): void {
    allocated.push(Buffer.alloc(stepBytes, 1));
    setTimeout(allocate, stepMs);
}
