import assert from "node:assert/strict";
import { sandboxContext, sandboxDown, sandboxKubeconfig } from "../../sandbox/cluster/cluster.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";

describe("--json, of commands that change the sandbox", function () {
    this.timeout(buildMs);
    let folder = "";
    before(async () => {
        await sandboxDown(() => {});
        folder = checkoutWith();
    });
    after(async () => {
        await sandboxDown(() => {});
        removeCheckout(folder);
    });

    const answered = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await hopcost(folder, ...args, "--json").ended;
        assert.equal(code, 0, stderr);
        return stdout;
    };

    it("prints only the state, whether it was changed or not", async () => {
        const reached = { nodes: 1, ipFamily: "ipv4", context: sandboxContext, kubeconfig: sandboxKubeconfig };
        const up = (started: boolean) => `${JSON.stringify({ state: "up", started, ...reached })}\n`;
        assert.equal(await answered("sandbox", "up"), up(true));
        assert.equal(await answered("sandbox", "up"), up(false));
    });

    it("prints only the state after it is stopped", async () => {
        const down = (wasUp: boolean) => `${JSON.stringify({ state: "down", wasUp })}\n`;
        assert.equal(await answered("sandbox", "down"), down(true));
        assert.equal(await answered("sandbox", "down"), down(false));
    });
});
