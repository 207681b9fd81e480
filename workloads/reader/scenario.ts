/** The reader's process in a scenario. */
import { join } from "node:path";
import { flowsOf } from "../../model/scenarios.ts";
import { enterInjection, flowFolders } from "../scenario/folders.ts";
import { Ledger } from "../scenario/ledger.ts";
import { receiveFiles } from "../scenario/receive-files.ts";
import { serveScenario } from "../scenario/responder-child.ts";
import { readSchedule } from "../scenario/schedule-file.ts";

await serveScenario("reader", async ({ volumes, scenario }) => {
    const schedule = readSchedule(scenario.schedule);
    const volume = volumes[schedule?.volume ?? "main"];
    enterInjection(volume, schedule?.injection);
    const receivers = flowsOf("volume").map((flow) =>
        receiveFiles(flowFolders(volume, flow), new Ledger(join(scenario.ledger, flow)), flow !== "retry-no-rescan"),
    );
    const opened = await Promise.all(receivers);
    return { drain: async () => void (await Promise.all(opened.map((receiver) => receiver.close()))) };
});
