/** The sender's measured process. */
import { initiator, roundDeadlineSeconds } from "../initiator.ts";
import { OutgoingPayload } from "../payload.ts";
import { serveTrial } from "../trial-child.ts";
import { HttpTransport } from "./http-transport.ts";

serveTrial(async ({ maxSize, uploadUrl }) => {
    if (uploadUrl === undefined) throw new Error("the sender needs uploadUrl");
    const payload = new OutgoingPayload(maxSize);
    return initiator(new HttpTransport(uploadUrl, payload, roundDeadlineSeconds), payload);
});
