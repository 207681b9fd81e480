/** The receiver's measured process. */
import { responder } from "../responder.ts";
import { entryOf } from "../role-arms.ts";
import { readServerSettings } from "../settings.ts";
import { serveTrial } from "../trial-child.ts";
import { receiverArms } from "./arms.ts";

const settings = readServerSettings("receiver", process.env);

serveTrial(async (trial) => responder(await entryOf(receiverArms, trial)(trial, settings)));
