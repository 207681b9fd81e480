/** One series: `name{label="value",...}` as written, and its parts. */
export interface Sample {
    name: string;
    labels: Record<string, string>;
    value: number;
}

/**
 * A strict parser of Prometheus' text format: each sample belongs to the metric of the last `# TYPE`, names and labels
 * are well formed, no series occurs twice.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export class Exposition {
    readonly types = new Map<string, string>();
    readonly samples = new Map<string, Sample>();

    /** @throws Error that quotes the first bad line */
    constructor(text: string) {
        if (!text.endsWith("\n")) throw new Error("the last line must end with a line feed");
        let [metric, type] = ["", ""];
        for (const line of text.split("\n")) {
            const [, name = "", kind = ""] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
            if (line === "" || /^# HELP [a-z_]+ \S/.test(line)) continue;
            if (name !== "") {
                if (this.types.has(name)) throw new Error(`typed twice: ${line}`);
                [metric, type] = [name, kind];
                this.types.set(name, kind);
            } else this.#add(line, metric, type);
        }
    }

    /** The value of a series; undefined if absent. @param labels all of its labels, in any order */
    value(name: string, labels: Record<string, string | number> = {}): number | undefined {
        return this.samples.get(keyOf(name, labels))?.value;
    }

    /** All series of that name. */
    of(name: string): Sample[] {
        return [...this.samples.values()].filter((sample) => sample.name === name);
    }

    #add(line: string, metric: string, type: string): void {
        const [, name = "", list, number = ""] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        const suffix = type === "histogram" ? /^_(bucket|sum|count)$/ : /^$/;
        if (!name.startsWith(metric) || !suffix.test(name.slice(metric.length))) throw new Error(`unexpected: ${line}`);
        const pairs = list === undefined ? [] : list.split(",").map((pair) => /^([a-z_]+)="([^"\\]*)"$/.exec(pair));
        if (pairs.some((pair) => pair === null)) throw new Error(`bad labels: ${line}`);
        const labels = Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
        if (!Number.isFinite(Number(number))) throw new Error(`bad number: ${line}`);
        const key = keyOf(name, labels);
        if (this.samples.has(key)) throw new Error(`comes twice: ${line}`);
        this.samples.set(key, { name, labels, value: Number(number) });
    }
}

function keyOf(name: string, labels: Record<string, string | number>): string {
    return JSON.stringify([
        name,
        Object.entries(labels)
            .map(([label, value]) => [label, String(value)])
            .sort(),
    ]);
}
