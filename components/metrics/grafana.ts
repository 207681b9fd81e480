import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { selectorOf } from "../measured-pod.ts";
import { networkPolicy, tcp, toDns } from "../network-policies.ts";
import { type Bystander, type BystanderSettings, bystanderName } from "./bystander.ts";
import type { Files } from "./config-files.ts";
import { dashboard, dataSource } from "./dashboard.ts";
import { prometheusName, prometheusPort } from "./prometheus.ts";

const component = "grafana";
/** Port of Grafana. */
export const grafanaPort = 3000;
const configPath = "/hopcost-grafana";
/** Path of each of Grafana's files, below {@link configPath}. */
const filePaths = {
    "datasources.yml": "provisioning/datasources/hopcost.yml",
    "dashboards.yml": "provisioning/dashboards/hopcost.yml",
    "dashboard.json": "dashboards/hopcost.json",
};

/** Name of its objects in the namespace. */
export function grafanaName(name: string): string {
    return bystanderName(name, component);
}

/** Its configuration, by file name: Prometheus as its only data source, and the dashboard. */
export function grafanaFiles({ name, clusterMetrics }: Pick<BystanderSettings, "name" | "clusterMetrics">): Files {
    const source = {
        name: "Prometheus",
        ...dataSource,
        access: "proxy",
        isDefault: true,
        editable: false,
        url: `http://${prometheusName(name)}:${prometheusPort}`,
        jsonData: { timeInterval: "1s" },
    };
    const provider = {
        name: "hopcost",
        type: "file",
        disableDeletion: true,
        options: { path: `${configPath}/dashboards` },
    };
    return {
        "datasources.yml": stringify({ apiVersion: 1, datasources: [source] }),
        "dashboards.yml": stringify({ apiVersion: 1, providers: [provider] }),
        "dashboard.json": JSON.stringify(dashboard(clusterMetrics), undefined, 2),
    } satisfies Record<keyof typeof filePaths, string>;
}

/** Its Pod. */
export function grafanaPod(
    { name, namespace, image, pod }: BystanderSettings,
    refs: { config: pulumi.Input<string> },
): Bystander {
    return {
        instance: name,
        namespace,
        component,
        image,
        ...refs,
        settings: pod,
        uid: 472,
        port: grafanaPort,
        readyPath: "/api/health",
        env: {
            GF_PATHS_PROVISIONING: `${configPath}/provisioning`,
            GF_PATHS_LOGS: "/var/lib/grafana/log",
            GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${configPath}/${filePaths["dashboard.json"]}`,
            ...viewersOnly,
            ...noCallsOutside,
        },
        configPath,
        configItems: Object.entries(filePaths).map(([key, path]) => ({ key, path })),
        // SQLite and the plugins folder; temporary files of SQLite and the image's start script.
        writes: { "/var/lib/grafana": "256Mi", "/tmp": "64Mi" },
    };
}

/** Everyone who reaches the port can view and nobody can change anything: there are no accounts. */
const viewersOnly = {
    GF_AUTH_ANONYMOUS_ENABLED: "true",
    GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
    GF_AUTH_BASIC_ENABLED: "false",
    GF_AUTH_DISABLE_LOGIN_FORM: "true",
    GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true",
    GF_USERS_ALLOW_SIGN_UP: "false",
};

const noCallsOutside = {
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_PLUGINS_PLUGIN_ADMIN_ENABLED: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_PLUGINS_PREINSTALL_AUTO_UPDATE: "false",
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: "true",
    GF_SECURITY_DISABLE_GRAVATAR: "true",
    GF_SNAPSHOTS_EXTERNAL_ENABLED: "false",
};

/** People connect through a port-forward, to which policies don't apply. Grafana calls only Prometheus and DNS. */
export function grafanaNetworkPolicy({ name, namespace }: BystanderSettings) {
    const prometheus = { podSelector: { matchLabels: selectorOf(name, "prometheus") } };
    return networkPolicy(grafanaName(name), { instance: name, component }, namespace, {
        ingress: [],
        egress: [{ to: [prometheus], ports: tcp([prometheusPort]) }, ...toDns],
    });
}
