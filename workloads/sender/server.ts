/** The sender's container: its control server. */
import { runControlServer } from "../control-server.ts";

await runControlServer("sender", import.meta.url);
