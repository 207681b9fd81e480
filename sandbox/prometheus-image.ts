import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Image } from "./docker-archive.ts";
import { type Source, userland, withLibraries } from "./image-files.ts";
import type { TarEntry } from "./tar.ts";

/** Image of Prometheus, to be used as docker.io/prom/prometheus is. The version is that of Debian 12. */
export const sandboxPrometheusImage = "hopcost.local/prometheus:2.42.0";

const nobody = 65534;
/** What it does without another configuration: it reads its own metrics. */
const ownConfig = `scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ["localhost:9090"]
`;

/** The files of the image, from the folder with what Debian's package holds. */
export async function prometheusSources(folder: string): Promise<Source[]> {
    const pages = readdirSync(join(folder, "web"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
    return [
        ...(await withLibraries([{ name: "bin/prometheus", from: join(folder, "prometheus") }])),
        ...pages.map((from) => ({ name: relative(folder, from), from })),
    ];
}

/** The image: program, user, defaults and volume as in the upstream one, so that arguments alone make the difference. */
export function prometheusImageOf(sources: readonly Source[]): Image {
    // Where Debian's Prometheus looks for its pages. A link, for a header of tar has no room for the whole path.
    const pages: TarEntry = { kind: "link", name: "usr/share/prometheus/web", target: "/web" };
    return {
        reference: sandboxPrometheusImage,
        files: [
            ...userland(`nobody:x:${nobody}:${nobody}:nobody:/home:/bin/false`, sources),
            { kind: "file", name: "etc/prometheus/prometheus.yml", content: ownConfig },
            { kind: "folder", name: "prometheus", owner: nobody },
            pages,
        ],
        config: {
            Entrypoint: ["/bin/prometheus"],
            Cmd: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
            WorkingDir: "/prometheus",
            User: `${nobody}:${nobody}`,
        },
    };
}
