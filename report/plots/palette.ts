/** A colour in both themes, as `#rrggbb`. */
interface Colour {
    light: string;
    dark: string;
}

/**
 * Every colour of reports and plots, by the name of its CSS variable. The main series are blue and orange, which people
 * with any kind of colour blindness can distinguish; black text is readable on the parts of a bar in both themes.
 */
export const palette = {
    surface: { light: "#ffffff", dark: "#12171c" },
    panel: { light: "#f3f6f8", dark: "#1c232a" },
    text: { light: "#1a2127", dark: "#e9edf0" },
    muted: { light: "#55606a", dark: "#a6b0b9" },
    /** Grid lines and borders that carry no meaning. */
    rule: { light: "#dce2e7", dark: "#313a43" },
    axis: { light: "#77818b", dark: "#7d8790" },
    network: { light: "#0a67ab", dark: "#5fb6ee" },
    volume: { light: "#b84a00", dark: "#f3a43f" },
    "network-ablation": { light: "#16795a", dark: "#4cc79c" },
    "volume-ablation": { light: "#8f4a8c", dark: "#d794d3" },
    floor: { light: "#5b6670", dark: "#9aa5ae" },
    alert: { light: "#a3261c", dark: "#ff9a8f" },
    "part-1": { light: "#4f94cf", dark: "#4f94cf" },
    "part-2": { light: "#d17a22", dark: "#d17a22" },
    "part-3": { light: "#35a07a", dark: "#35a07a" },
    "part-4": { light: "#bd7db9", dark: "#bd7db9" },
    "part-5": { light: "#a08a3c", dark: "#a08a3c" },
    "part-6": { light: "#8b949d", dark: "#8b949d" },
    /** What became of messages. Those on time are the quiet background of what went wrong. */
    "outcome-on-time": { light: "#c9dff0", dark: "#27445c" },
    "outcome-late": { light: "#c27c00", dark: "#ffb733" },
    "outcome-failed": { light: "#b3202c", dark: "#e8503f" },
    "outcome-unknown": { light: "#8a939b", dark: "#8d98a3" },
    "outcome-delivered-unacknowledged": { light: "#2e1a6b", dark: "#c9b8ff" },
    "outcome-lost": { light: "#0c0c10", dark: "#ffffff" },
    "outcome-not-offered": { light: "#2f7fd6", dark: "#2f7fd6" },
    /** Messages of a rollout that never arrived: none at all, and the more the stronger. The text on them is `text`. */
    "heat-none": { light: "#a9d8f5", dark: "#10527a" },
    "heat-few": { light: "#fff0d2", dark: "#302b24" },
    "heat-ones": { light: "#fdd394", dark: "#4d3c1e" },
    "heat-tens": { light: "#f6a048", dark: "#6d490f" },
    "heat-hundreds": { light: "#e06c2c", dark: "#9b5a00" },
} as const satisfies Record<string, Colour>;

/** How many parts of a bar have different colours; further parts start over. */
export const partColours = Object.keys(palette).filter((name) => name.startsWith("part-")).length;

/** The colours as CSS variables: the dark ones if the reader's system prefers them, never on paper. */
export function paletteCss(): string {
    const variables = (theme: keyof Colour) =>
        Object.entries(palette)
            .map(([name, colour]) => `--${name}:${colour[theme]}`)
            .join(";");
    return `:root{color-scheme:light;${variables("light")}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${variables("dark")}}}`;
}
