import assert from "node:assert/strict";
import { colouredResults, failureText } from "../../../cli/terminal/colour.ts";

const text =
    "Over 1 size,\nthe hop is 11x faster.\n\nsize  p50\n64 B  94 us\n\nadvice: C\n    d: 1\n\nwarning: A\nwarning: B: warning: C\n";

describe("colours", () => {
    const { FORCE_COLOR, NO_COLOR } = process.env;
    beforeEach(() => {
        process.env.FORCE_COLOR = "1";
        delete process.env.NO_COLOR;
    });
    afterEach(() => {
        for (const [name, value] of Object.entries({ FORCE_COLOR, NO_COLOR })) {
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
        }
    });

    it("are red for who failed, and don't touch the rest", () => {
        assert.equal(failureText("hopcost: a: b\nhopcost: c"), "\x1b[31mhopcost:\x1b[39m a: b\nhopcost: c");
    });

    it("are bold for the verdict, green for advice and yellow for each warning", () => {
        assert.equal(
            colouredResults(text),
            [
                "\x1b[1mOver 1 size,\nthe hop is 11x faster.\x1b[22m",
                "size  p50\n64 B  94 us",
                "\x1b[32madvice: C\x1b[39m\n    d: 1",
                "\x1b[33mwarning: A\x1b[39m\n\x1b[33mwarning: B: warning: C\x1b[39m\n",
            ].join("\n\n"),
        );
    });

    it("are left out with FORCE_COLOR=0", () => {
        process.env.FORCE_COLOR = "0";
        assert.deepEqual([failureText("hopcost: a"), colouredResults(text)], ["hopcost: a", text]);
    });
});
