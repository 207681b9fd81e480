import assert from "node:assert/strict";
import type { Element } from "hast";
import { allSizes } from "../../../model/sizes.ts";
import { areaOf, sizeAxis, sizeScale, tickSeconds, valueAxis, valueScale } from "../../../report/plots/axes.ts";
import { shapes } from "../../../report/plots/plot.ts";

const labels = (ticks: Element[]) =>
    ticks.map((tick) => {
        const text = tick.children.at(-1) as Element;
        return (text.children[0] as { value: string }).value;
    });
const area = areaOf(shapes.wide, 0, 300);

describe("the axes of a plot", () => {
    it("have powers of two of the sizes, as many as there is room for", () => {
        const wide = sizeAxis(sizeScale(allSizes, area), area, shapes.wide);
        assert.deepEqual(labels(wide), [
            ...["64 B", "256 B", "1 KiB", "4 KiB", "16 KiB"],
            ...["64 KiB", "256 KiB", "1 MiB", "4 MiB", "16 MiB"],
        ]);
        const narrow = sizeAxis(sizeScale(allSizes, area), area, shapes.narrow);
        assert.deepEqual(labels(narrow), ["64 B", "1 KiB", "16 KiB", "256 KiB", "4 MiB"]);
    });

    it("have 1, 2 and 5 of few decades, and each of many alone", () => {
        for (const value of [Number.MIN_VALUE, Number.MAX_VALUE]) {
            for (const values of [[value], [value, 1]]) assert.ok(valueAxis(valueScale(values, area), area, String));
        }
        const few = valueScale([0.00009, 0.002], area);
        assert.deepEqual(labels(valueAxis(few, area, tickSeconds)), ["100 us", "200 us", "500 us", "1 ms", "2 ms"]);
        const many = valueScale([0.000001, 0.02], area);
        assert.deepEqual(labels(valueAxis(many, area, tickSeconds)), ["1 us", "10 us", "100 us", "1 ms", "10 ms"]);
    });

    it("put a tick where the scale puts its value", () => {
        const scale = sizeScale(allSizes, area);
        for (const tick of sizeAxis(scale, area, shapes.wide)) {
            const at = Number(/translate\(([\d.]+),0\)/.exec(String(tick.properties.transform))?.[1]);
            assert.ok(Math.abs(at - scale(Number(tick.properties.dataValue))) < 0.01);
        }
    });

    it("have room around a single value", () => {
        const scale = sizeScale([1024], area);
        assert.equal(scale(1024), (area.left + area.right) / 2);
        assert.deepEqual(labels(sizeAxis(scale, area, shapes.wide)), ["512 B", "1 KiB", "2 KiB"]);
    });

    it("write durations without zeros that say nothing", () => {
        assert.deepEqual([1e-4, 1e-3, 0.01, 0.5, 2, 2e-7, 1e-8].map(tickSeconds), [
            ...["100 us", "1 ms", "10 ms", "500 ms", "2 s", "0.2 us", "0.01 us"],
        ]);
    });
});
