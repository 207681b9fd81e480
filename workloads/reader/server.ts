/** The reader's container: its agent. */
import { runAgent } from "../agent/server.ts";

await runAgent("reader", import.meta.url);
