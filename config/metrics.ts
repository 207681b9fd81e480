import { type ConfigValues, pinnedImage } from "./values.ts";

/** What is deployed to watch a run. */
export interface MetricsConfig {
    /** Image of Prometheus. */
    image: string;
    /** Whether it may read the kubelets of the cluster as well. */
    clusterMetrics: boolean;
    /** Grafana and its image, where it is wanted. */
    grafana?: { image: string };
}

/** Images where the stack names none. */
export const defaultImages = {
    prometheus: "docker.io/prom/prometheus:v3.11.3",
    grafana: "docker.io/grafana/grafana:12.1.1",
} as const;

/** What watches the run; undefined where nothing shall. */
export function metricsOf(config: ConfigValues): MetricsConfig | undefined {
    const on = config.flag("hopcost:metrics", true);
    const imageOf = (key: string, fallback: string) => config.text(key, fallback, pinnedImage(fallback));
    const image = imageOf("hopcost:prometheusImage", defaultImages.prometheus);
    const grafanaImage = imageOf("hopcost:grafanaImage", defaultImages.grafana);
    const [clusterMetrics, grafana] = (["hopcost:clusterMetrics", "hopcost:grafana"] as const).map((key) => {
        const wanted = config.flag(key, false);
        if (wanted && !on) config.refuse(key, "true", 'must not be set together with hopcost:metrics "false"');
        return wanted;
    }) as [boolean, boolean];
    return on ? { image, clusterMetrics, ...(grafana && { grafana: { image: grafanaImage } }) } : undefined;
}
