import assert from "node:assert/strict";
import { outcomes } from "../../../model/outcomes.ts";
import { palette, paletteCss, partColours } from "../../../report/plots/palette.ts";
import { contrast, distance } from "./colour-vision.ts";

type Name = keyof typeof palette;
const parts = (Object.keys(palette) as Name[]).filter((name) => name.startsWith("part-"));
const heats = (Object.keys(palette) as Name[]).filter((name) => name.startsWith("heat-"));
const lines: Name[] = ["network", "volume", "network-ablation", "volume-ablation", "floor"];

describe("the palette", () => {
    it("knows contrast and distance as their authors define them", () => {
        assert.equal(contrast("#000000", "#ffffff"), 21);
        assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
        assert.equal(distance("#000000", "#ffffff", "normal").toFixed(1), "100.0");
        assert.ok(distance("#d40000", "#5f7a00", "deuteranopia") < distance("#d40000", "#5f7a00", "normal") / 3);
    });

    for (const theme of ["light", "dark"] as const) {
        const of = (name: Name) => palette[name][theme];
        const tooWeak = (pairs: [Name, Name][], least: number) =>
            pairs.filter(([one, other]) => contrast(of(one), of(other)) < least).map((pair) => pair.join(" on "));

        it(`gives every text a contrast of 4.5, ${theme}`, () => {
            const texts: [Name, Name][] = [
                ...(["text", "muted", "network", "volume", "alert"] as const).map((name): [Name, Name] => [
                    name,
                    "surface",
                ]),
                ...(["text", "muted", "alert"] as const).map((name): [Name, Name] => [name, "panel"]),
            ];
            assert.deepEqual(tooWeak(texts, 4.5), []);
            assert.deepEqual(
                tooWeak(
                    heats.map((name): [Name, Name] => ["text", name]),
                    4.5,
                ),
                [],
            );
            const numbers = parts.filter((name) => contrast("#000000", of(name)) < 4.5);
            assert.deepEqual(numbers, [], "numbers in the parts of a bar are black");
        });

        it(`gives everything drawn a contrast of 3, ${theme}`, () => {
            // Messages on time are the background of what went wrong.
            const wrong = outcomes.filter((outcome) => outcome !== "on-time").map((outcome) => `outcome-${outcome}`);
            const drawn = [...lines, ...parts, ...wrong, "axis", "muted"] as Name[];
            assert.deepEqual(
                tooWeak(
                    drawn.map((name): [Name, Name] => [name, "surface"]),
                    3,
                ),
                [],
            );
            assert.deepEqual(tooWeak([["axis", "panel"]], 3), []);
        });

        for (const vision of ["normal", "protanopia", "deuteranopia"] as const) {
            it(`keeps all outcomes of messages apart with ${vision} vision, ${theme}`, () => {
                const close = outcomes.flatMap((one, index) =>
                    outcomes
                        .slice(index + 1)
                        .filter((other) => distance(of(`outcome-${one}`), of(`outcome-${other}`), vision) < 20)
                        .map((other) => `${one} and ${other}`),
                );
                assert.deepEqual(close, []);
            });

            it(`keeps the steps of a heat map apart, and that of 0 far from all of them, with ${vision} vision, ${theme}`, () => {
                const close = heats.flatMap((one, index) =>
                    heats
                        .slice(index + 1)
                        .filter((other) => distance(of(one), of(other), vision) < (one === "heat-none" ? 25 : 10))
                        .map((other) => `${one} and ${other}: ${distance(of(one), of(other), vision)}`),
                );
                assert.deepEqual(close, []);
            });

            it(`keeps both main arms far apart with ${vision} vision, ${theme}`, () => {
                const apart = distance(of("network"), of("volume"), vision);
                assert.ok(apart > 40, `${apart}`);
            });
        }
    }

    it("is dark only on a screen whose system is", () => {
        const css = paletteCss();
        assert.match(css, /^:root\{color-scheme:light;--surface:#ffffff;/);
        assert.match(
            css,
            /\n@media screen and \(prefers-color-scheme:dark\)\{:root\{color-scheme:dark;--surface:#12171c;/,
        );
        assert.equal(partColours, 6);
    });
});
