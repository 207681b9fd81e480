/** The writer's container: its control server. */
import { runControlServer } from "../agent/server.ts";

await runControlServer("writer", import.meta.url);
