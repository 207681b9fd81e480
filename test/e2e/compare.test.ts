import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Arm, mainArms } from "../../model/arms.ts";
import type { Compared } from "../../model/comparison.ts";
import { sandboxDown, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { type Ended, hopcost } from "../support/command.ts";
import { minutes, newestRun, removeNamespace } from "./support.ts";

/** Both main arms, with only as many trials as are needed to detect that one takes twice as long. */
const shortRun = {
    "hopcost:arms": Object.values(mainArms).join(", "),
    "hopcost:sizes": ["64 B", "1 KiB", "8 KiB", "64 KiB", "256 KiB", "1 MiB"],
    "hopcost:rounds": 5,
    "hopcost:cellSeconds": 0.1,
    "hopcost:warmupSeconds": 0.3,
    "hopcost:metrics": false,
};

describe("hopcost compare and check with runs of the sandbox", function () {
    this.timeout(minutes(15)); // about 3 minutes if Kubernetes is already built
    let folder = "";
    let startedSandbox = false;
    let [first, second, slowed] = ["", "", ""];

    /** @returns the id of the run */
    const measure = async (): Promise<string> => {
        const { code, stderr } = await hopcost(folder, "run", "--keep").ended;
        assert.equal(code, 0, stderr);
        return basename(newestRun(folder));
    };
    // The machine can change between two runs, as a neighbour comes or goes. compare rightly reports that, so another
    // run is made then. The comparison is always of two successive runs.
    before(async () => {
        startedSandbox = (await sandboxUp(() => {})).started;
        folder = checkoutWith(shortRun);
        [first, second] = [await measure(), await measure()];
        for (let more = 2; more > 0 && (await changedSizes(first, second)) > 1; more--) {
            [first, second] = [second, await measure()];
        }
        slowDownTheSender(folder);
        slowed = await measure();
    });
    after(async () => {
        await removeNamespace(); // the stack's state is removed with the checkout
        if (startedSandbox) await sandboxDown(() => {});
        removeCheckout(folder);
    });

    const comparedBy = async (...args: string[]): Promise<Compared> => {
        const { code, stdout, stderr } = await hopcost(folder, "compare", "--json", ...args).ended;
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout);
    };
    const sizesOf = ({ arms }: Compared, main: Arm) => arms.find(({ arm }) => arm === main)?.p50.sizes ?? [];
    const isSame = ({ outcome }: { outcome: string }) => /^no (significant change|difference)$/.test(outcome);
    const overallOf = ({ arms }: Compared) => arms.find(({ arm }) => arm === mainArms.network)?.p50.overall;
    /** The maximum over the main arms. */
    const changedSizes = async (a: string, b: string) => {
        const compared = await comparedBy(a, b);
        return Math.max(
            ...Object.values(mainArms).map((arm) => sizesOf(compared, arm).filter((size) => !isSame(size)).length),
        );
    };

    it("report no significant change between two runs of the same code, at all sizes of each main arm but one at most", async () => {
        const compared = await comparedBy(first, second);
        assert.deepEqual([compared.differences, compared.warnings], [[], []]);
        for (const main of Object.values(mainArms)) {
            const sizes = sizesOf(compared, main);
            assert.equal(sizes.length, 6);
            assert.ok(sizes.filter(isSame).length >= 5, JSON.stringify(sizes));
        }
    });

    it("refuse runs of different code, with both hashes and the option to compare anyway", async () => {
        const { code, stdout, stderr } = await hopcost(folder, "compare", second, slowed).ended;
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(
            stderr,
            /\n {2}environment\.codeHash: A has [0-9a-f]{12}, B has [0-9a-f]{12}\nMeasure .* --allow-different\n$/,
        );
    });

    it("name the arm that takes twice as long", async () => {
        const compared = await comparedBy("--allow-different", second, slowed);
        const { differences, summary } = compared;
        assert.deepEqual(
            differences.map(({ field }) => field),
            ["environment.codeHash"],
        );
        const network = overallOf(compared);
        assert.equal(network?.outcome, "slower", summary);
        // At least twice: the sender that waits busily also takes the CPU that the receiver needs.
        assert.ok((network?.interval?.[1] ?? 0) > 1.5, summary);
        assert.match(summary, /network\/cluster-ip is slower /);
    });

    it("fail the slower run by the change over all its sizes, and by a ratio", async () => {
        const check = (...args: string[]): Promise<Ended> => hopcost(folder, "check", slowed, ...args).ended;
        const change = ["--max-change", "network/cluster-ip=20%", "--baseline", second, "--allow-different"];
        const changed = await check(...change);
        assert.equal(changed.code, 99, changed.stdout);
        assert.match(changed.stdout, /^change of p50 +network\/cluster-ip +geomean .* \+20% {2}fail$/m);
        const { code, stdout } = await check("--max-ratio", "64B=0.5", "--max-ratio", "1000");
        assert.equal(code, 99);
        assert.match(stdout, /^volume \/ network +64 B .* 0\.500 {2}fail$/m);
        assert.equal((await check("--max-ratio", "10000")).code, 0);
    });
});

/** Makes the checkout's sender wait after each round trip, within the timed window, for as long as it took. */
function slowDownTheSender(folder: string): void {
    const path = join(folder, "workloads", "sender", "arms.ts");
    const source = readFileSync(path, "utf8");
    const transport = "new HttpTransport({ url }, payload, roundDeadlineSeconds)";
    assert.ok(source.includes(transport), `${path} no longer creates its transport like this`);
    const slowed = `
function slowed(transport: HttpTransport): HttpTransport {
    const roundTrip = transport.roundTrip.bind(transport);
    transport.roundTrip = (done) => {
        const start = performance.now();
        roundTrip((error) => {
            const until = 2 * performance.now() - start;
            while (performance.now() < until);
            done(error);
        });
    };
    return transport;
}
`;
    writeFileSync(path, source.replace(transport, `slowed(${transport})`) + slowed);
}
