/** The receiver's measured process. */
import { IncomingPayload } from "../payload.ts";
import { responder } from "../responder.ts";
import { readServerSettings } from "../settings.ts";
import { serveTrial } from "../trial-child.ts";
import { uploadApp } from "./upload-app.ts";

const { uploadPort } = readServerSettings("receiver", process.env);

serveTrial(async ({ maxSize }) => {
    const payload = new IncomingPayload(maxSize);
    const app = uploadApp(payload, maxSize);
    await app.listen({ host: "0.0.0.0", port: uploadPort });
    return responder(payload, () => app.close());
});
