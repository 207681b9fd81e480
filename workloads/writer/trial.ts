/** The writer's measured process. */
import { initiator } from "../initiator.ts";
import { OutgoingPayload } from "../payload.ts";
import { readServerSettings } from "../settings.ts";
import { serveTrial } from "../trial-child.ts";
import { blockingCalls, promiseCalls } from "../volume/file-calls.ts";
import { FileTransport } from "../volume/file-transport.ts";
import { cleanVolume, layoutOf } from "../volume/layout.ts";

const { volume } = readServerSettings("writer", process.env);

serveTrial(async ({ arm, maxSize }) => {
    const payload = new OutgoingPayload(maxSize);
    const layout = layoutOf(volume);
    // The reader has done so before; but an ack of an earlier trial must not be there whatever happened since.
    cleanVolume(layout);
    const calls = arm === "volume/chokidar" ? promiseCalls : blockingCalls;
    return initiator(await FileTransport.start(calls, layout, payload, maxSize), payload);
});
