/** The receiver's process in a scenario. */
import { join } from "node:path";
import { flowsOf } from "../../model/scenarios.ts";
import { anyAddress } from "../any-address.ts";
import { Ledger } from "../scenario/ledger.ts";
import { receiveHttp } from "../scenario/receive-http.ts";
import { serveScenario } from "../scenario/responder-child.ts";

await serveScenario("receiver", async ({ uploadPort, scenario }) => {
    const ledgers = flowsOf("network").map((flow) => [flow, new Ledger(join(scenario.ledger, flow))] as const);
    return receiveHttp(new Map(ledgers), { host: anyAddress, port: uploadPort });
});
