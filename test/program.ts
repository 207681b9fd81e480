import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../config/config.ts";
import { sha256 } from "../model/parse.ts";
import { resultsOf } from "./components/fixtures.ts";
import { cluster, settled, startRecording } from "./components/mocks.ts";

/** Configuration of stack `test` with only the required keys and a namespace. */
export const good = { "kubernetes:context": "kind", "hopcost:namespace": "bench" };

/** Runs the program of stack `test` with these values, on a cluster that has matching results if possible. */
export async function program(values: Record<string, string> = good) {
    await startRecording();
    answerWith(values);
    pulumi.runtime.setAllConfig(values);
    const { default: hopcost } = await import("../index.ts");
    const outputs = await hopcost();
    await settled();
    return outputs;
}

/** Gives the cluster results of these values' plan. */
function answerWith(values: Record<string, string>): void {
    cluster.configMapData = undefined;
    if (!("kubernetes:context" in values)) return;
    const { plan, image } = readConfig("test", values);
    const text = JSON.stringify(resultsOf(plan, image));
    cluster.configMapData = { "results.json": text, sha256: sha256(text), complete: "true" };
}
