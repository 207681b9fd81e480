import assert from "node:assert/strict";
import { ConfigError, readConfig } from "../../config/config.ts";

/** The required values of a configuration. */
export const context = { "kubernetes:context": "kind" };
/** A configuration with these values. */
export const config = (values: Record<string, string> = {}) => readConfig("test", { ...context, ...values });
/** The mistakes found in a configuration. */
export function problemsOf(values: Record<string, string>, stack = "test"): readonly string[] {
    try {
        readConfig(stack, { ...context, ...values });
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}
