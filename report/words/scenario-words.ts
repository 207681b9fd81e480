/** What happens in a scenario, as the subject of a sentence; variants share the clause. */
const events: Readonly<Record<string, string>> = {
    "kill-process": "Killing the receiver",
    "crash-loop": "Killing the receiver four times",
    hang: "Freezing the receiver's process",
    "delete-pod": "Deleting the receiver's Pod",
    oom: "Running the receiver out of memory",
    "cpu-starved": "Starving the receiver of CPU",
    "volume-full": "Filling the shared volume",
    "not-ready": "Making the receiver not ready",
    partition: "Denying traffic to the receiver",
    drain: "Draining the node",
    "api-server-down": "Stopping the API server",
    "rolling-update": "Rolling out another version",
    "rolling-update-both": "Rolling out another version of both ends",
    "rolling-update-sidecar": "Rolling out another version with a native sidecar",
    "bad-rollout": "Rolling out a version that never gets ready",
    "paused-rollout": "Pausing a rollout and killing the receiver",
    "scale-out": "Scaling out",
    "scale-in": "Scaling in",
    autoscale: "Tripling the load with an autoscaler",
    density: "Running several copies at once",
    "start-up": "Starting from nothing",
    sham: "Doing nothing",
};

/** What happens in a scenario: `Deleting the receiver's Pod (grace-0)`; one of another version by its name. */
export function eventWords(scenario: string): string {
    const [name = "", variant] = scenario.split("/");
    const words = events[name];
    if (words === undefined) return `Scenario ${scenario}`;
    return variant === undefined ? words : `${words} (${variant})`;
}

/** A topology in a sentence: `two Pods`, `one Pod`; one of another version by its name. */
export function topologyWords(topology: string): string {
    return topology === "network" ? "two Pods" : topology === "volume" ? "one Pod" : topology;
}

/**
 * Scenarios on topologies as a list: `start-up, hang/blind-probe (volume)`; without the topology if all of the scenario are listed.
 * @param listed some of `all`
 */
export function targetList(listed: readonly Target[], all: readonly Target[]): string {
    const groups = Map.groupBy(listed, ({ scenario = "" }) => scenario);
    const names = [...groups].flatMap(([name, of]) => {
        const isWhole = of.length === all.filter(({ scenario }) => scenario === name).length;
        return isWhole ? [name] : of.map(({ scenario, topology }) => `${scenario} (${topology})`);
    });
    return names.join(", ");
}

/** A scenario on a topology. */
interface Target {
    scenario?: string;
    topology?: string;
}

/** A count with commas: `40,000`. */
export function grouped(count: number): string {
    return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
