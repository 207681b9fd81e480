/** The receiver's container: its agent. */
import { runAgent } from "../agent/server.ts";

await runAgent("receiver", import.meta.url);
