/** The reader's measured process. */
import { IncomingPayload } from "../payload.ts";
import { responder } from "../responder.ts";
import { readServerSettings } from "../settings.ts";
import { serveTrial } from "../trial-child.ts";
import { blockingReads, promiseReads, serveFiles } from "../volume/file-reader.ts";
import { cleanVolume, layoutOf } from "../volume/layout.ts";

const { volume } = readServerSettings("reader", process.env);

serveTrial(async ({ arm, maxSize }) => {
    const payload = new IncomingPayload(maxSize);
    const layout = layoutOf(volume);
    cleanVolume(layout);
    const files = await serveFiles(arm === "volume/chokidar" ? promiseReads : blockingReads, layout, payload);
    return responder(payload, files.close);
});
