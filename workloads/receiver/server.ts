/** The receiver's container: its control server. */
import { runControlServer } from "../agent/server.ts";

await runControlServer("receiver", import.meta.url);
