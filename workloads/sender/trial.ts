/** The sender's measured process. */
import { initiator } from "../initiator.ts";
import { entryOf } from "../role-arms.ts";
import { serveTrial } from "../trial-child.ts";
import { senderArms } from "./arms.ts";

serveTrial((trial) => initiator(trial, entryOf(senderArms, trial)(trial)));
