/** The reader's container: its control server. */
import { runControlServer } from "../control-server.ts";

await runControlServer("reader", import.meta.url);
