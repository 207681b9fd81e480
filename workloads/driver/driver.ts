import { messageOf } from "../../model/error.ts";
import { armsOf, closedLoopSizes } from "../../model/plan.ts";
/**
 * The driver's process: carries out the plan, then ends. Its exit code is for people; the results are in the journal.
 */
import { endProcess, onSignal } from "../process.ts";
import { readDriverSettings, SettingsError } from "../settings.ts";
import { drive, exits, Stop } from "./drive.ts";
import { PlanError, readPlan, reserveSeconds } from "./plan-file.ts";

const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

async function main(): Promise<number> {
    const { plan: path, namespace, podName, apiUrl, serviceAccount } = readDriverSettings(process.env);
    const plan = readPlan(path);
    const stopping = new AbortController();
    onSignal((signal) => {
        stopping.abort(new Stop(`the driver was ended by ${signal}`, exits.partial));
        return new Promise(() => {}); // main ends the process, after its last writes
    }, 20_000);
    // The Job's clock started just before this process; its SIGTERM still leaves time for the last writes.
    const left = plan.deadlineSeconds - reserveSeconds - process.uptime();
    const deadline = setTimeout(
        () => stopping.abort(new Stop(`the deadline of ${plan.deadlineSeconds} s was about to expire`, exits.deadline)),
        left * 1000,
    );
    log(
        `run "${plan.runId}": ${armsOf(plan).join(", ")}; ${plan.rounds} rounds, ${closedLoopSizes(plan).length} sizes`,
    );
    try {
        return await drive({ plan, namespace, podName, apiUrl, serviceAccount, signal: stopping.signal, log });
    } finally {
        clearTimeout(deadline);
    }
}

try {
    endProcess(await main());
} catch (error) {
    const expected = error instanceof SettingsError || error instanceof PlanError;
    log(expected ? messageOf(error) : (error instanceof Error && error.stack) || messageOf(error));
    endProcess(expected ? exits.badInput : exits.unexpected);
}
