import { IncomingPayload } from "../payload.ts";
import type { Responder } from "../responder.ts";
import type { FileArm } from "./file-arms.ts";
import { type FileReader, serveFiles } from "./file-reader.ts";
import { cleanLane, cleanVolume, layoutOf } from "./layout.ts";

/** The reader's end of all lanes: lane 0 from the start, others from the first cell that needs them. */
export async function fileResponder(arm: FileArm, volume: string, maxSize: number): Promise<Responder> {
    const lanes: { payload: IncomingPayload; reader: FileReader }[] = [];
    let used = 1;
    const addLane = async (largest: number) => {
        const layout = layoutOf(volume, lanes.length);
        cleanLane(layout);
        const payload = new IncomingPayload(largest);
        lanes.push({ payload, reader: await serveFiles(arm, layout, payload) });
    };
    cleanVolume(volume);
    await addLane(maxSize);
    return {
        async prepare({ size, mode, concurrency }) {
            used = concurrency;
            while (lanes.length < used) await addLane(size);
            for (const { payload, reader } of lanes) {
                payload.open(size);
                reader.stamping = mode === "phases";
            }
        },
        // An idle lane's writer frees its space and then makes a small round trip, which isn't reported.
        payloads: () => lanes.slice(0, used).map(({ payload }) => payload),
        async close() {
            for (const { reader } of lanes) await reader.close();
        },
    };
}
