import { outcomes } from "../../model/outcomes.ts";
import { palette, partColours } from "./palette.ts";

const colours = ["network", "volume", "network-ablation", "volume-ablation", "floor"] as const;
const parts = Array.from({ length: partColours }, (_, index) => `part-${index + 1}`);
const heats = Object.keys(palette).filter((name) => name.startsWith("heat-"));
const ofOutcomes = outcomes.map((outcome) => `outcome-${outcome}`);

/** The style of plots, on a page and as pictures; the colours come from `paletteCss`. */
export const plotCss = `
svg.plot{display:block;width:100%;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
svg.narrow{font-size:12px}
.plot text{fill:var(--text)}
.plot .tick line{stroke:var(--rule)}
.plot .tick text,.plot .axis-title,.plot .crossover text,.plot .pod-label{fill:var(--muted)}
.plot .panel-title,.plot .box-label,.plot .side{font-weight:600}
.plot .line{fill:none;stroke:var(--ink);stroke-width:2}
.plot .ablation .line{stroke-width:1.5}
.plot .initiator .line,.plot .responder .line,.plot .neutral{stroke-width:1.4}
.plot .neutral{--ink:var(--muted)}
.plot .point{fill:var(--ink);stroke:var(--surface);stroke-width:1}
.plot .interval{fill:none;stroke:var(--ink,var(--muted));stroke-width:1.3}
.plot .band{fill:var(--ink);fill-opacity:.16;stroke:var(--ink);stroke-opacity:.55;stroke-width:1}
.plot .one{stroke:var(--axis);stroke-width:1.2}
.plot .ratio{--ink:var(--muted);stroke-width:1.4}
.plot .same{fill:var(--network-ablation);fill-opacity:.35}
.plot .noise{fill:var(--muted);fill-opacity:.17}
.plot .undecided{--ink:var(--muted)}
.plot .undecided .point{fill:var(--surface);stroke:var(--ink);stroke-width:1.8}
.plot .side{fill:var(--ink);paint-order:stroke;stroke:var(--surface);stroke-width:4px}
.plot .crossover-band{fill:var(--axis);fill-opacity:.13}
.plot .crossover-line{stroke:var(--muted);stroke-dasharray:4 3}
.plot .part rect{fill:var(--ink);stroke:var(--surface);stroke-width:1.5}
.plot .part text{fill:#000;font-weight:600}
.plot .bar{fill:var(--ink)}
.plot .pod{fill:var(--panel);stroke:var(--axis);stroke-dasharray:5 3}
.plot .container{fill:var(--surface);stroke:var(--ink);stroke-width:2}
.plot .between{fill:var(--surface);stroke:var(--axis);stroke-width:1.5}
.plot .arrow{fill:none;stroke:var(--ink);stroke-width:2}
.plot .arrow-head{fill:var(--ink)}
.plot .arrow-number{fill:var(--ink);font-weight:600}
.plot .timed{fill:var(--ink);font-weight:600}
.plot .outcome{fill:var(--ink)}
.plot .injected{stroke:var(--text);stroke-width:1.2;stroke-dasharray:2 3}
.plot .tail{stroke-width:1.2}
.plot .event{fill:none;stroke:var(--muted);stroke-width:1.2}
.plot .event-number,.plot .event-text{fill:var(--muted)}
.plot .single{fill:var(--ink);fill-opacity:.55}
.plot .median{stroke:var(--text);stroke-width:2.4}
.plot .too-few{fill:var(--alert);fill-opacity:.3}
.plot .too-many{fill:var(--floor);fill-opacity:.4}
.plot .other-outcome{--ink:var(--muted)}
.plot .heat{fill:var(--ink);stroke:var(--axis)}
.plot .heat-none{stroke:var(--network);stroke-width:2.5}
.plot .heat-missing{fill:none;stroke-dasharray:4 3}
.plot .heat-figure{font-weight:600}
.plot .heat-trust{font-size:12px}
${[...colours, ...parts, ...ofOutcomes, ...heats].map((name) => `.${name}{--ink:var(--${name})}`).join("\n")}
`;
