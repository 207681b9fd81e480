/** The writer's container: its control server. */
import { runControlServer } from "../control-server.ts";

await runControlServer("writer", import.meta.url);
