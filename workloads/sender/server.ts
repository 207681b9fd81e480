/** The sender's container: its control server. */
import { runControlServer } from "../agent/server.ts";

await runControlServer("sender", import.meta.url);
