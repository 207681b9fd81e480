/** The receiver's container: its control server. */
import { runControlServer } from "../control-server.ts";

await runControlServer("receiver", import.meta.url);
