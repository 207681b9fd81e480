import { mirrored } from "./pods.ts";
import { type ConfigValues, pinnedImage } from "./values.ts";

/** What is deployed to monitor a run. */
export interface MetricsConfig {
    /** Image of Prometheus. */
    image: string;
    /** Whether it also reads the kubelets of the cluster. */
    clusterMetrics: boolean;
    /** Grafana's image; absent: no Grafana. */
    grafana?: { image: string };
}

/** Default images. */
export const defaultImages = {
    prometheus: "docker.io/prom/prometheus:v3.11.3",
    grafana: "docker.io/grafana/grafana:12.1.1",
} as const;

/**
 * What monitors the run; undefined: nothing.
 * @param registry mirror of all images; undefined: none
 */
export function metricsOf(config: ConfigValues, registry: string | undefined): MetricsConfig | undefined {
    const on = config.flag("hopcost:metrics", true);
    const imageOf = (key: string, fallback: string) =>
        mirrored(config.text(key, fallback, pinnedImage(fallback)), registry);
    const image = imageOf("hopcost:prometheusImage", defaultImages.prometheus);
    const grafanaImage = imageOf("hopcost:grafanaImage", defaultImages.grafana);
    const [clusterMetrics, grafana] = (["hopcost:clusterMetrics", "hopcost:grafana"] as const).map((key) => {
        const wanted = config.flag(key, false);
        if (wanted && !on) config.refuse(key, "true", 'requires hopcost:metrics "true"');
        return wanted;
    }) as [boolean, boolean];
    return on ? { image, clusterMetrics, ...(grafana && { grafana: { image: grafanaImage } }) } : undefined;
}
