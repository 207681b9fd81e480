/** The writer's container: its agent. */
import { runAgent } from "../agent/server.ts";

await runAgent("writer", import.meta.url);
