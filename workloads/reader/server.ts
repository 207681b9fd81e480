/** The reader's container: its control server. */
import { runControlServer } from "../agent/server.ts";

await runControlServer("reader", import.meta.url);
