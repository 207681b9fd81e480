import { readFileSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { messageOf } from "../../model/error.ts";
import { Schedule } from "./api.ts";

/** Reads the schedule that the driver has mounted. @returns undefined, and says why, if there is none that can be used */
export function readSchedule(path: string): Schedule | undefined {
    let text: string;
    try {
        text = readFileSync(path, "utf8");
    } catch {
        return undefined; // as in a Pod that has none
    }
    try {
        const schedule: unknown = JSON.parse(text);
        if (Value.Check(Schedule, schedule)) return schedule;
        const [first] = Value.Errors(Schedule, schedule);
        console.error(`${path}: ${first?.path} ${first?.message}`);
    } catch (error) {
        console.error(`${path}: ${messageOf(error)}`);
    }
    return undefined;
}
