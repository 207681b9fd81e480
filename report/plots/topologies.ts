import type { Element } from "hast";
import { s } from "hastscript";
import { mainArms } from "../../model/arms.ts";
import type { Drawing, Plot, Shape } from "./plot.ts";

interface Side {
    colour: "network" | "volume";
    title: string;
    initiator: string;
    between: string;
    responder: string;
    /** Explains the numbers at the arrows, and what is timed. */
    steps: readonly string[];
}

/** Lines of at most 50 characters, to fit the narrow drawing. */
const network: Side = {
    colour: "network",
    title: `${mainArms.network}: two Pods`,
    initiator: "sender",
    between: "Service",
    responder: "receiver",
    steps: [
        "1 POST /upload, the payload in its body",
        "2 through the ClusterIP; read into memory",
        "3 200 OK",
        "timed at the sender: from before 1 to after 3",
    ],
};
const volume: Side = {
    colour: "volume",
    title: `${mainArms.volume}: two containers of one Pod`,
    initiator: "writer",
    between: "volume",
    responder: "reader",
    steps: [
        "1 writes the payload, renames it to be seen",
        "2 the event wakes the reader; read into memory",
        "3 empty ack file, whose event wakes the writer",
        "timed at the writer: from before 1 to after 3",
    ],
};
const [boxWidth, boxHeight, middleWidth] = [80, 56, 76];

/** The two compared topologies, and what is timed in each; the same for every run. */
export function topologiesPlot(): Plot {
    return {
        name: "topologies",
        title: "What is compared",
        description: [network, volume].map(({ title, steps }) => `${title}. ${steps.join(". ")}.`).join(" "),
        notes: [],
        draw: drawTopologies,
    };
}

function drawTopologies({ name, width }: Shape): Drawing {
    if (name === "narrow") {
        return { height: 2 * 236, children: [sideOf(network, 0, 0, width), sideOf(volume, 0, 236, width)] };
    }
    const half = (width - 40) / 2;
    return { height: 236, children: [sideOf(network, 0, 0, half), sideOf(volume, half + 40, 0, half)] };
}

function sideOf(side: Side, left: number, top: number, width: number): Element {
    const middle = (width - middleWidth) / 2;
    const last = width - 12 - boxWidth;
    const pods =
        side.colour === "network" ? [podOf(4, boxWidth + 16), podOf(last - 8, boxWidth + 16)] : [podOf(4, width - 8)];
    return s("g", { className: side.colour, transform: `translate(${left},${top})` }, [
        s("text", { className: "panel-title", x: 4, y: 16 }, side.title),
        ...pods,
        boxOf(12, side.initiator),
        betweenOf(side, middle),
        boxOf(last, side.responder),
        ...arrow(12 + boxWidth, middle, 82, "1"),
        ...arrow(middle + middleWidth, last, 82, "2"),
        ...(side.colour === "network"
            ? [...arrow(last, 12 + boxWidth, 110, "3", middle + middleWidth)]
            : [...arrow(last, middle + middleWidth, 110, "3"), ...arrow(middle, 12 + boxWidth, 110, "")]),
        ...side.steps.map((step, index) =>
            s("text", { className: ["step", index === 3 ? "timed" : "plain"], x: 4, y: 164 + index * 19 }, step),
        ),
    ]);
}

function podOf(x: number, width: number): Element {
    return s("g", [
        s("rect", { className: "pod", x, y: 32, width, height: boxHeight + 48, rx: 8 }),
        s("text", { className: "pod-label", x: x + 10, y: 50 }, "Pod"),
    ]);
}

function boxOf(x: number, label: string): Element {
    return s("g", [
        s("rect", { className: "container", x, y: 68, width: boxWidth, height: boxHeight, rx: 4 }),
        s(
            "text",
            { className: "box-label", x: x + boxWidth / 2, y: 68 + boxHeight / 2, dy: "0.32em", textAnchor: "middle" },
            label,
        ),
    ]);
}

/** A Service is a pill, a volume a cylinder. */
function betweenOf({ colour, between }: Side, x: number): Element {
    const [top, bottom, right] = [70, 122, x + middleWidth];
    const shape =
        colour === "network"
            ? s("rect", { className: "between", x, y: top, width: middleWidth, height: bottom - top, rx: 26 })
            : s("path", {
                  className: "between",
                  d: `M${x},${top + 6}v${bottom - top - 12}a38,7,0,0,0,${middleWidth},0V${top + 6}a38,7,0,0,0,-${middleWidth},0a38,7,0,0,0,${middleWidth},0`,
              });
    return s("g", [
        shape,
        s("text", { className: "box-label", x: (x + right) / 2, y: 98, dy: "0.32em", textAnchor: "middle" }, between),
    ]);
}

/** A line with an arrowhead at its end, and its number above. @param until where the shape between hides the line */
function arrow(from: number, to: number, y: number, number: string, until = to): Element[] {
    const back = Math.sign(from - to) * 7;
    const labelAt = (from + until) / 2;
    return [
        s("path", {
            className: "arrow",
            d: until === to ? `M${from},${y}H${to}` : `M${from},${y}H${until}M${until - middleWidth},${y}H${to}`,
        }),
        s("path", { className: "arrow-head", d: `M${to},${y}l${back},-4v8Z` }),
        s("text", { className: "arrow-number", x: labelAt, y: y - 5, textAnchor: "middle" }, number),
    ];
}
