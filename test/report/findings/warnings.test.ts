import assert from "node:assert/strict";
import { repeatArm } from "../../../model/arms.ts";
import { mainSizes, type Plan } from "../../../model/plan.ts";
import type { CellRecord, Trial } from "../../../model/trial.ts";
import { aggregate } from "../../../report/findings/results.ts";
import {
    calm,
    counters,
    everyModeAt,
    host,
    infoOf,
    journalOf,
    modeFields,
    planOf,
    recordOf,
    trialOf,
} from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/warnings");

const network = "network/cluster-ip";
const volume = "volume/chokidar";
/** Enough for every quantile but p99.9, and the same in both arms. */
const samples = new Float64Array(1000).fill(100_000);
const plan = planOf({ rounds: 10 });

/** A run without a fault, each of whose trials `change` may replace. */
function faultless(change: (trial: Trial) => Trial = (trial) => trial): Trial[] {
    const cells = mainSizes(plan).map((size) => recordOf(size, samples));
    return Array.from({ length: 20 }, (_, index) => change(trialOf(index, index % 2 === 0 ? network : volume, cells)));
}

function warningsOf(trials: Trial[], planned: Plan = plan): string[] {
    return aggregate({ plan: planned, trials }).warnings;
}

/** Changes the cell of a size in the first `count` trials of an arm. */
function cellsChanged(arm: string, size: number, count: number, change: Partial<CellRecord>): Trial[] {
    return faultless((trial) => {
        if (trial.arm !== arm || trial.round >= count) return trial;
        return { ...trial, cells: trial.cells.map((cell) => (cell.size === size ? { ...cell, ...change } : cell)) };
    });
}

describe("warnings", () => {
    it("are none if nothing is wrong", () => {
        assert.deepEqual(warningsOf(faultless()), []);
    });

    it("name sizes without a usable measurement", () => {
        const trials = faultless((trial) => (trial.arm === volume ? { ...trial, cells: [] } : trial));
        asText("warnings name sizes without a usable measurement", warningsOf(trials));
    });

    it("name sizes with too few round trips for a median, and how many there were", () => {
        const few = recordOf(1024, samples.subarray(0, 3));
        const trials = faultless((trial) =>
            trial.arm === volume && trial.round < 4 ? { ...trial, cells: [trial.cells[0] as CellRecord, few] } : trial,
        ).filter(({ arm, round }) => arm === network || round < 4);
        asText(
            "warnings name sizes with too few round trips for a median, and how many there were",
            warningsOf(trials),
        );
    });

    it("name discarded trials with the reasons", () => {
        const reasons = ["the reader was restarted", "2 cells discarded."];
        const trials = faultless((trial) => (trial.index === 3 ? { ...trial, state: "discarded", reasons } : trial));
        asText("warnings name discarded trials with the reasons", warningsOf(trials));
    });

    it("name noisy and repeated trials with the reasons", () => {
        const trials = faultless((trial) => {
            if (trial.index === 0) return { ...trial, state: "noisy", attempt: 3, reasons: ["throttled for 0.2 s"] };
            if (trial.index === 5) return { ...trial, attempt: 2, reasons: ["attempt 1: out of memory"] };
            return trial;
        });
        asText("warnings name noisy and repeated trials with the reasons", warningsOf(trials));
    });

    it("name discarded cells with the reasons", () => {
        const change = { state: "discarded", reasons: ["the reader holds 1023 bytes, expected 1024"] } as const;
        asText(
            "warnings name discarded cells with the reasons",
            warningsOf(cellsChanged(volume, 1024, 1, { ...change, reasons: [...change.reasons] })),
        );
    });

    it("are one for each cause: it counts all trials, lists three, and cuts long reasons", () => {
        const reasons = ["y".repeat(400)];
        const [warning = "", ...others] = warningsOf(faultless((trial) => ({ ...trial, state: "noisy", reasons })));
        assert.deepEqual(others, []);
        assert.match(warning, /^20 trials .*; and 17 more\.$/);
        assert.equal(warning.match(/: y{300}\.\.\.(?!\.{3})/g)?.length, 3);
    });

    it("count one as one", () => {
        const one = (change: Partial<Trial>) =>
            warningsOf(faultless((trial) => (trial.index === 0 ? { ...trial, ...change } : trial))).at(0) ?? "";
        assert.match(one({ state: "noisy" }), /^1 trial is /);
        assert.match(one({ attempt: 2 }), /^1 trial was repeated/);
    });

    it("say so if a trial gives no reason", () => {
        const trials = faultless((trial) => (trial.index === 0 ? { ...trial, state: "noisy" } : trial));
        asText("warnings say so if a trial gives no reason", warningsOf(trials));
    });

    it("count round trips that were found by a rescan, and acks of another round", () => {
        asText(
            "warnings count round trips that were found by a rescan, and acks of another round",
            warningsOf(cellsChanged(volume, 64, 2, { misses: 3, staleAcks: 1 })),
        );
    });

    describe("of a trend", () => {
        const moving = (last: number) => ({ firstThirdP50Seconds: 1e-4, lastThirdP50Seconds: last });

        it("name the sizes at which most trials moved by more than 10%, all up or all down", () => {
            for (const [last, way] of [
                [1.11e-4, "up"],
                [0.89e-4, "down"],
            ] as const) {
                assert.deepEqual(warningsOf(cellsChanged(network, 64, 7, moving(last))), [
                    `The median moved by more than 10% between the first and the last third of a cell: network/cluster-ip at 64 B (${way} in 7 of 10 trials); use a longer warm-up.`,
                ]);
            }
        });

        it("say in one sentence that the machine is unsteady if medians move both up and down", () => {
            const trials = faultless((trial) => ({
                ...trial,
                cells: trial.cells.map((cell) => ({ ...cell, ...moving(trial.round % 2 === 0 ? 1.2e-4 : 0.8e-4) })),
            }));
            asText(
                "of a trend say in one sentence that the machine is unsteady if medians move both up and down",
                warningsOf(trials),
            );
        });

        it("are silent about less than two thirds of the trials of a few cells, and about less than 10%", () => {
            assert.deepEqual(warningsOf(cellsChanged(network, 64, 6, moving(1.5e-4))), []);
            assert.deepEqual(warningsOf(cellsChanged(network, 64, 10, moving(1.09e-4))), []);
        });

        it("are silent if a third is too short for its own median", () => {
            const few = recordOf(64, samples.subarray(0, 59), moving(2e-4));
            const lines = warningsOf(cellsChanged(network, 64, 10, few));
            asText("of a trend are silent if a third is too short for its own median", lines);
        });
    });

    it("say that few trials are a first look", () => {
        const line = (rounds: number) => {
            const quick = planOf({ rounds });
            return warningsOf(journalOf(quick), quick).filter((warning) => /first look/.test(warning));
        };
        asText("warnings say that few trials are a first look", line(3));
        asText("warnings say that few trials are a first look (2)", line(1));
        assert.deepEqual(line(10), []);
    });

    it("say that a container was throttled, and for how long in total", () => {
        const trials = faultless((trial) => ({
            ...trial,
            containers: trial.containers.map((container) => ({
                ...container,
                after: { ...counters, throttledSeconds: container.info.role === "reader" ? 0.05 : 0 },
            })),
        }));
        asText("warnings say that a container was throttled, and for how long in total", warningsOf(trials));
    });

    it("say that the placement is not the requested one", () => {
        const lines = (placement: Plan["placement"], nodeName: string) => {
            const trials = faultless((trial) => ({
                ...trial,
                containers: trial.containers.map((container) => ({
                    ...container,
                    info: infoOf(container.info.role, container.info.role === "receiver" ? { nodeName } : {}),
                })),
            }));
            return warningsOf(trials, { ...plan, placement });
        };
        asText("warnings say that the placement is not the requested one", lines("cross-node", "node-a"));
        asText("warnings say that the placement is not the requested one (2)", lines("same-node", "node-b"));
        for (const [asked, nodeName] of [
            ["cross-node", "node-b"],
            ["same-node", "node-a"],
            ["any", "node-a"],
            ["any", "node-b"],
        ] as const) {
            assert.deepEqual(lines(asked, nodeName), []);
        }
    });

    it("say that the hypervisor took time, from 1% on", () => {
        const lines = (stealFraction: number) =>
            warningsOf(
                faultless((trial) =>
                    trial.index !== 7
                        ? trial
                        : {
                              ...trial,
                              containers: trial.containers.map((container) => ({
                                  ...container,
                                  host: { ...host, stealFraction },
                              })),
                          },
                ),
            );
        assert.deepEqual(lines(0.01), []);
        asText("warnings say that the hypervisor took time, from 1% on", lines(0.024));
    });

    describe("of the noise floor", () => {
        const repeatedPlan = planOf({ arms: [network, volume, repeatArm], repeatSizes: [64, 1024] });
        /** A run in which the trials of the A/A arm are off by a factor and scatter. */
        const repeated = (factor: number, between: number) => {
            const medianNs: typeof calm.medianNs = (arm) => (arm === repeatArm ? 100_000 * factor : 100_000);
            const journal = journalOf(repeatedPlan, { medianNs, between, within: 0.02, roundTrips: 1000 }, 3);
            return warningsOf(journal, repeatedPlan);
        };

        it("are silent about a quiet machine", () => {
            assert.deepEqual(repeated(1, 0.004), []);
        });

        it("say how wide it is, from 2% on, and where", () => {
            const [line, ...more] = repeated(1, 0.03).filter((warning) => /noise floor/.test(warning));
            assert.deepEqual(more, []);
            const [, percent] =
                /^The noise floor is up to (\d(?:\.\d)?)% \(at (?:64 B|1 KiB)\), more than 2%: by network\/cluster-ip measured twice \(A\/A\), smaller differences can't be distinguished from noise\.$/.exec(
                    line ?? "",
                ) ?? [];
            assert.ok(Number(percent) > 2 && Number(percent) < 8, line);
        });

        it("name the sizes at which the same arm differs from itself", () => {
            const lines = repeated(1.015, 0.003).filter((warning) => /repeat differs/.test(warning));
            assert.match(
                lines.join(),
                /^network\/cluster-ip-repeat differs from network\/cluster-ip, which is the same arm, at 64 B \(1\.0[12]\), 1 KiB \(1\.0[12]\): expect this by chance at 1 size in 20; if more differ, the order of the arms or the machine disturbs the measurement\.$/,
            );
        });
    });

    describe("of rounds that were not enough", () => {
        const lines = (between: number, rounds: number, maxRounds: number) => {
            const planned = planOf({ rounds: 10, maxRounds });
            const journal = journalOf(planned, { ...calm, between, roundTrips: 1000 }, 1, rounds);
            return warningsOf(journal, planned).filter((warning) => /still wider/.test(warning));
        };

        it("name the sizes whose interval is still too wide at the cap", () => {
            asText(
                "of rounds that were not enough name the sizes whose interval is still too wide at the cap",
                lines(0.2, 11, 11),
            );
        });

        it("are silent about narrow intervals, and about a run that is not complete anyway", () => {
            assert.deepEqual(lines(0.01, 10, 11), []);
            assert.deepEqual(lines(0.2, 10, 11), []);
        });
    });

    describe("of the diagnostics", () => {
        const diagnosed = planOf({ rounds: 10, ...everyModeAt(64) });
        const changed = (change: (cell: CellRecord) => Partial<CellRecord>) => {
            const cells = (["phases", "constant-rate", "throughput"] as const).map((mode) =>
                recordOf(64, samples, modeFields(mode, samples)),
            );
            const trials = faultless((trial) => ({
                ...trial,
                cells: [...trial.cells, ...cells.map((cell) => ({ ...cell, ...change(cell) }))],
            }));
            return warningsOf(trials, diagnosed);
        };
        const phases = (us: number) => (cell: CellRecord) =>
            cell.mode === "phases" ? { phases: [{ name: "write", seconds: us / 1e6 }] } : {};
        const elapsed = (seconds: number) => (cell: CellRecord) =>
            cell.mode === "constant-rate" ? { elapsedSeconds: seconds } : {};

        it("are none if they agree with the closed loop", () => {
            assert.deepEqual(
                changed(() => ({})),
                [],
            );
            assert.deepEqual(changed(phases(114)), []);
            assert.deepEqual(changed(phases(86)), []);
        });

        it("say that phases don't add up to the median, by more than 15% either way", () => {
            for (const [us, percent] of [
                [116, "116%"],
                [80, "80%"],
            ] as const) {
                assert.deepEqual(changed(phases(us)), [
                    `The sum of the phases differs from the closed-loop median by more than 15%: ${network} at 64 B (${percent}); ${volume} at 64 B (${percent}); read the phases as proportions.`,
                ]);
            }
        });

        it("say that the constant rate is not reached, below 95% of its rate", () => {
            assert.deepEqual(changed(elapsed(1000 / 476)), []);
            const rate = "(470 of 500 a second)";
            assert.deepEqual(changed(elapsed(1000 / 470)), [
                `Saturated at the constant rate, so that times grow with the length of the measurement: ${network} at 64 B ${rate}; ${volume} at 64 B ${rate}; use a lower rate.`,
            ]);
        });

        it("name the mode of a discarded cell", () => {
            const lines = changed((cell) =>
                cell.mode === "throughput" ? { state: "discarded", reasons: ["a lane broke"] } : {},
            );
            asText("of the diagnostics name the mode of a discarded cell", lines[0] ?? "");
        });
    });
});
