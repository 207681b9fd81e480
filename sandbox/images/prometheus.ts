import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Say } from "../say.ts";
import { prometheusPages } from "../toolchain/debian-packages.ts";
import { prometheusVersion } from "../toolchain/go-builds.ts";
import { prometheus, toolFolder } from "../toolchain/tools.ts";
import type { Image } from "./docker-archive.ts";
import { filesBelow, type Source, userland } from "./image-files.ts";

/** Image of Prometheus, used like docker.io/prom/prometheus. */
export const sandboxPrometheusImage = `hopcost.local/prometheus:${prometheusVersion}`;

/**
 * Path at which Prometheus serves user assets. @see
 * https://prometheus.io/docs/prometheus/latest/command-line/prometheus/
 */
const served = "/user";
const nobody = 65534;
/** Default configuration: it scrapes its own metrics. */
const ownConfig = `global:
  scrape_interval: 5s
scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ["localhost:9090"]
`;

/** The folder with `prometheus` and `promtool`. */
export function prometheusPrograms(say: Say): Promise<string> {
    return toolFolder(prometheus, say);
}

/** Contents of the image: the program, and the pages of Debian's package, since a program built from the Go module has none. */
export interface PrometheusSources {
    program: Source;
    /** Pages, styles and scripts, below `web`. */
    pages: Source[];
}

/** Gets the contents of the image. */
export async function prometheusSources(say: Say): Promise<PrometheusSources> {
    const program = { name: "bin/prometheus", from: join(await prometheusPrograms(say), "prometheus") };
    return { program, pages: filesBelow(join(await prometheusPages(say), "web"), "web") };
}

/**
 * The image, with program, user, defaults and volume as in upstream's, so that both differ only in arguments. Graphs
 * are at `/user/graph.html`.
 */
export function prometheusImageOf({ program, pages }: PrometheusSources): Image {
    const find = (end: string) => pages.find(({ name }) => name.endsWith(end))?.from ?? `no ${end}`;
    const script = "static/js/graph/index.js";
    const kept = pages.filter(({ name }) => name.startsWith("web/static/") && !name.endsWith(script));
    return {
        reference: sandboxPrometheusImage,
        files: [
            ...userland(`nobody:x:${nobody}:${nobody}:nobody:/home:/bin/false`, [program, ...kept]),
            { kind: "file", name: `web/${script}`, content: moved(readFileSync(find(script), "utf8")) },
            { kind: "file", name: "web/graph.html", content: graphPage(readFileSync(find("graph.html"), "utf8")) },
            { kind: "file", name: "etc/prometheus/prometheus.yml", content: ownConfig },
            { kind: "folder", name: "prometheus", owner: nobody },
        ],
        config: {
            Entrypoint: ["/bin/prometheus", "--web.user-assets=/web"],
            Cmd: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
            WorkingDir: "/prometheus",
            User: `${nobody}:${nobody}`,
        },
    };
}

/** The graph page as a static file: Debian's Prometheus renders it on each request, at another path. */
export function graphPage(template: string): string {
    const text = template.replaceAll(/<!--.*?-->/gs, "");
    const part = (name: string) => text.split(`{{define "${name}"}}`)[1]?.split("{{end}}")[0] ?? "";
    const library = (path: string) => `${served}/static/${path}`;
    return moved(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Prometheus: graph</title>
<link rel="icon" href="${library("img/favicon.ico")}">
<link rel="stylesheet" href="${library("bootstrap4/css/bootstrap.min.css")}">
<link rel="stylesheet" href="${library("css/prometheus.css")}">
<link rel="stylesheet" href="${library("vendor/bootstrap4-glyphicons/css/bootstrap-glyphicons.css")}">
<script src="${library("jquery/jquery.min.js")}"></script>
<script src="${library("popper.js/popper.min.js")}"></script>
<script src="${library("bootstrap4/js/bootstrap.min.js")}"></script>
<script>var PATH_PREFIX = "", BUILD_VERSION = "${prometheusVersion}";</script>
${part("head")}
</head>
<body>
${part("content")}
</body>
</html>
`);
}

/** Changes the paths in a page or script to those at which Prometheus serves the files here. */
function moved(text: string): string {
    return text
        .replaceAll("{{ pathPrefix }}", "")
        .replaceAll("{{ buildVersion }}", prometheusVersion)
        .replaceAll("/classic/static", `${served}/static`)
        .replaceAll('PATH_PREFIX + "/graph?"', `PATH_PREFIX + "${served}/graph.html?"`);
}
