/** The reader's measured process. */
import { responder } from "../responder.ts";
import { entryOf } from "../role-arms.ts";
import { readServerSettings } from "../settings.ts";
import { serveTrial } from "../trial-child.ts";
import { readerArms } from "./arms.ts";

const settings = readServerSettings("reader", process.env);

serveTrial(async (trial) => responder(await entryOf(readerArms, trial)(trial, settings)));
