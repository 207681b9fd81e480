import { s } from "hastscript";
import type { InjectionEvent } from "../../model/scenarios.ts";
import { round } from "./axes.ts";
import { textWidth } from "./legend.ts";
import type { Drawing, Shape } from "./plot.ts";

/** Events that are numbered and listed; a reader can't follow more. */
export const mostListed = 8;
const [lineHeight, numberWidth] = [17, 16];
/** Heights from the top of the lane: of the marks, and to the numbers and the list. */
const [markHeight, numbersAt, listAt] = [6, 28, 50];

/** Where the lane is, and the position of a time. */
interface Place {
    shape: Shape;
    left: number;
    right: number;
    top: number;
    x: (seconds: number) => number;
}

/**
 * Events on a time line: a mark for each, a number beside it, and below them what they are. Numbers of events that are close
 * to each other are moved apart.
 * @param events ascending, within the shown time
 */
export function eventLane(events: readonly InjectionEvent[], { shape, left, right, top, x }: Place): Drawing {
    const listed = events.slice(0, mostListed);
    if (listed.length === 0) return { height: 0, children: [] };
    const places = spread(
        listed.map(({ atSeconds }) => x(atSeconds)),
        right,
    );
    const marks = listed.map(({ atSeconds }, index) => {
        const [at, place] = [round(x(atSeconds)), round(places[index] as number)];
        return s("g", { dataAt: atSeconds }, [
            s("path", { className: "event", d: `M${at},${top}v${markHeight}L${place},${top + numbersAt - 12}` }),
            s(
                "text",
                { className: "event-number", x: place, y: top + numbersAt, textAnchor: "middle" },
                `${index + 1}`,
            ),
        ]);
    });
    const columns = shape.name === "wide" ? 2 : 1;
    const width = (shape.width - left - 4) / columns;
    const lines = Math.ceil(listed.length / columns);
    const list = listed.map(({ atSeconds, what }, index) =>
        s(
            "text",
            {
                className: "event-text",
                x: round(left + Math.floor(index / lines) * width),
                y: top + listAt + (index % lines) * lineHeight,
            },
            fitting(`${index + 1}  ${atSeconds.toFixed(2)} s  ${what}`, width - 8, shape),
        ),
    );
    return { height: listAt + lines * lineHeight - 12, children: [...marks, ...list] };
}

/** Positions at least a number's width apart, as near as possible to those wanted, and none beyond `right`. */
function spread(wanted: readonly number[], right: number): number[] {
    const places: number[] = [];
    for (const at of wanted) places.push(Math.max(at, (places.at(-1) ?? Number.NEGATIVE_INFINITY) + numberWidth));
    for (let index = places.length - 1, most = right; index >= 0; index--, most -= numberWidth)
        places[index] = Math.min(places[index] as number, most);
    return places;
}

/** The text, cut if it is wider than the room. */
function fitting(text: string, width: number, shape: Shape): string {
    const most = Math.floor(width / textWidth("x", shape));
    return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}
