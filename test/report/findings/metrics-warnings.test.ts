import assert from "node:assert/strict";
import type { Scraped, Trial } from "../../../model/trial.ts";
import { metricsWarnings } from "../../../report/findings/metrics-warnings.ts";
import { aggregate } from "../../../report/findings/results.ts";
import { journalOf, measuredTrial, planOf, type Seen, scraped } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/metrics-warnings");

const plan = planOf({ rounds: 2 });
const journal = journalOf(plan);
/** A run each of whose trials is seen so; of an arm's initiator only otherwise. */
const seenAs = (how: Seen, sender: Seen = how): Trial[] =>
    journal.map((trial) => measuredTrial(trial, trial.arm === "network/cluster-ip" ? sender : how, how));
const using = (cpuSeconds: Scraped["cpuSeconds"], seconds = 10): Seen => ({
    prometheus: { ...scraped, cpuSeconds },
    seconds,
});

describe("metricsWarnings", () => {
    it("are none without metrics, and none where both witnesses agree", () => {
        assert.deepEqual(metricsWarnings(journal), []);
        assert.deepEqual(metricsWarnings(seenAs(using(5.49))), []);
        assert.deepEqual(metricsWarnings(seenAs(using(4.51))), []);
    });

    it("name the first reason where Prometheus has nothing at all, among the run's warnings", () => {
        const prometheus = { unavailable: "http://metrics-prometheus:9090 refused the connection." };
        const warning =
            "Prometheus has no figures of this run: http://metrics-prometheus:9090 refused the connection. The containers' usage comes only from their cgroups.";
        assert.deepEqual(metricsWarnings(seenAs({ prometheus })), [warning]);
        assert.ok(aggregate({ plan, trials: seenAs({ prometheus }) }).warnings.includes(warning));
        assert.deepEqual(metricsWarnings(seenAs({ prometheus }, using(5))), [], "one container has figures");
    });

    it("name the containers of which Prometheus differs by more than 10%, whatever the sign", () => {
        asText(
            "metricsWarnings name the containers of which Prometheus differs by more than 10%, whatever the sign",
            metricsWarnings(seenAs(using(5), using(5.6))),
        );
        assert.match(
            metricsWarnings(seenAs(using(4.3)))[0] as string,
            /of network\/cluster-ip receiver \(-14% over 2 trials\), network\/cluster-ip sender \(-14%.*\), volume\/chokidar reader .*, volume\/chokidar writer /,
        );
    });

    it("judge no trial below 10 s, and none without a figure", () => {
        assert.deepEqual(metricsWarnings(seenAs(using(50, 9.9))), []);
        assert.deepEqual(metricsWarnings(seenAs(using({ unavailable: "no scrape" }))), []);
        const trials = seenAs(using(5)).map((trial, index) => (index < 2 ? measuredTrial(trial, using(50, 2)) : trial));
        assert.deepEqual(metricsWarnings(trials), [], "the long trials agree");
    });
});
