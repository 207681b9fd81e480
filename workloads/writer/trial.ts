/** The writer's measured process. */
import { initiator } from "../initiator.ts";
import { entryOf } from "../role-arms.ts";
import { readServerSettings } from "../settings.ts";
import { serveTrial } from "../trial-child.ts";
import { writerArms } from "./arms.ts";

const settings = readServerSettings("writer", process.env);

serveTrial((trial) => initiator(trial, entryOf(writerArms, trial)(trial, settings)));
