/** The sender's container: its agent. */
import { runAgent } from "../agent/server.ts";

await runAgent("sender", import.meta.url);
