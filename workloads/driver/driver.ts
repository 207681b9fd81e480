import { existsSync, writeFileSync } from "node:fs";
import { messageOf } from "../../model/error.ts";
import { armsOf, closedLoopSizes } from "../../model/plan.ts";
/**
 * The driver's process: carries out the plan, then ends. Its exit code is for people; the results are in the journal.
 */
import { endProcess, onSignal } from "../process.ts";
import { type DriverSettings, readDriverSettings, SettingsError } from "../settings.ts";
import { drive, type Ending, exits, Stop } from "./drive.ts";
import { PlanError, readPlan, reserveSeconds } from "./plan-file.ts";

/** Kubernetes shows at most 4096 bytes of why a container ended. */
const longestMessage = 4000;

const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

async function main({ plan: path, ...settings }: DriverSettings): Promise<Ending> {
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
        return await drive({ plan, ...settings, signal: stopping.signal, log });
    } finally {
        clearTimeout(deadline);
    }
}

/** Leaves for Kubernetes why the container ends, if this is one; the command shows it. */
function leaveMessage(path: string, reason: string): void {
    if (existsSync(path)) writeFileSync(path, reason.slice(0, longestMessage));
}

let terminationLog: string | undefined;
try {
    const settings = readDriverSettings(process.env);
    terminationLog = settings.terminationLog;
    const { code, reason } = await main(settings);
    if (reason !== undefined) leaveMessage(terminationLog, reason);
    endProcess(code);
} catch (error) {
    const expected = error instanceof SettingsError || error instanceof PlanError;
    log(expected ? messageOf(error) : (error instanceof Error && error.stack) || messageOf(error));
    if (terminationLog !== undefined) leaveMessage(terminationLog, messageOf(error));
    endProcess(expected ? exits.badInput : exits.unexpected);
}
