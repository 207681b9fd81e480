import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../cli/project.ts";

describe("the hopcost command", () => {
    const hopcost = (...args: string[]) => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), ...args];
        return spawnSync(process.execPath, command, { encoding: "utf8" });
    };

    for (const args of [
        ["run"],
        ["report"],
        ["compare"],
        ["check"],
        ["metrics"],
        ["sandbox"],
        ["sandbox", "up"],
        ["sandbox", "down"],
        ["sandbox", "status"],
    ]) {
        it(`shows the help of ${args.join(" ")} with an example`, () => {
            const { status, stdout } = hopcost(...args, "--help");
            assert.equal(status, 0);
            assert.match(stdout, new RegExp(`Usage: hopcost ${args.join(" ")}`));
            assert.match(stdout, new RegExp(`Example:\\n {2}\\$ hopcost ${args.join(" ")}`));
        });
    }

    it("suggests the nearest option and ends with 2", () => {
        const { status, stderr } = hopcost("run", "--profil", "quick");
        assert.equal(status, 2);
        assert.match(stderr, /unknown option '--profil'\n\(Did you mean --profile\?\)/);
    });

    it("suggests the nearest command and ends with 2", () => {
        const { status, stderr } = hopcost("sandbx");
        assert.equal(status, 2);
        assert.match(stderr, /unknown command 'sandbx'\n\(Did you mean sandbox\?\)/);
    });

    it("ends with 2 and names the stacks there are, for one there is not", () => {
        const { status, stderr, stdout } = hopcost("run", "--stack", "nowhere");
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /^hopcost: There is no stack file \S+Pulumi\.nowhere\.yaml; stacks here: dev, eks, k3d, minikube\./,
        );
    });

    it("ends with 2 for a profile that there is not, and starts nothing", () => {
        const { status, stderr } = hopcost("run", "--profile", "fast");
        assert.equal(status, 2);
        assert.match(stderr, /hopcost:profile .*"fast"/);
        assert.doesNotMatch(stderr, /sandbox/);
    });

    it("names the key that the EKS stack leaves to its user", () => {
        const { status, stderr } = hopcost("run", "--stack", "eks");
        assert.equal(status, 2);
        assert.match(stderr, /kubernetes:context.*must be set/);
    });
});
