import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { orOtherContexts, waysToACluster } from "../../../cli/cluster/other-contexts.ts";
import { CommandError } from "../../../cli/terminal/exit.ts";
import { SandboxError } from "../../../sandbox/errors.ts";
import { refuseUnfitHost } from "../../../sandbox/host.ts";
import { folderPerTest } from "../../sandbox/folder.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("cli/cluster/other-contexts");

describe("a machine without a sandbox", () => {
    const folder = folderPerTest();
    const before = { ...process.env };
    afterEach(() => {
        for (const name of ["KUBECONFIG", "npm_lifecycle_event"]) {
            if (before[name] === undefined) delete process.env[name];
            else process.env[name] = before[name];
        }
    });
    const known = (...contexts: string[]) => {
        const file = join(folder(), "kubeconfig.yaml");
        const entries = contexts.map((name) => ({ name, context: { cluster: "one", user: "one" } }));
        writeFileSync(file, JSON.stringify({ contexts: entries }));
        process.env.KUBECONFIG = file;
    };
    const failureOf = async (work: Promise<unknown>): Promise<CommandError> => {
        const error = await work.catch((reason) => reason);
        assert.ok(error instanceof CommandError);
        assert.equal(error.exitCode, 3);
        return error;
    };

    for (const [system, host] of Object.entries({
        macOS: { platform: "darwin", uid: 501 },
        Windows: { platform: "win32", uid: undefined },
        "Linux without root": { platform: "linux", uid: 1000 },
    })) {
        it(`as ${system} gets three lines with the commands for k3d, minikube and a context`, async () => {
            known();
            process.env.npm_lifecycle_event = "start";
            const { message } = await failureOf(orOtherContexts(Promise.resolve().then(() => refuseUnfitHost(host))));
            const [first, ...ways] = message.split("\n");
            assert.match(first ?? "", /^the sandbox needs (Linux|root).*:$/);
            assert.equal(ways.length, 3);
            assert.match(ways[0] ?? "", / k3d cluster create hopcost .* npm start -- --context k3d-hopcost$/);
            assert.match(ways[1] ?? "", / minikube start .* npm start -- --context minikube$/);
            assert.match(ways[2] ?? "", / npm start -- --context NAME$/);
            asText(system, message.split("\n"));
        });
    }

    it("gets the names of its own contexts in them, but not the sandbox's", async () => {
        known("hopcost-sandbox", "prod eu", "test");
        delete process.env.npm_lifecycle_event;
        const work = Promise.resolve().then(() => refuseUnfitHost({ platform: "darwin", uid: 501 }));
        const { message } = await failureOf(orOtherContexts(work));
        assert.match(message, /hopcost run --context 'prod eu' {3}\(or test\)$/);
    });

    it("gets the command that it used: npm start, npx hopcost, or hopcost", () => {
        const last = (event?: string) =>
            waysToACluster(["a"], { npm_lifecycle_event: event }).split(":").at(-1)?.trim();
        assert.equal(last("start"), "npm start -- --context a");
        assert.equal(last("npx"), "npx hopcost run --context a");
        assert.equal(last(), "hopcost run --context a");
    });

    it("only gets the contexts if it could run one but something else failed", async () => {
        known("test");
        delete process.env.npm_lifecycle_event;
        const failing = Promise.reject(new SandboxError("the disk is full"));
        const { message } = await failureOf(orOtherContexts(failing));
        assert.equal(
            message,
            "the disk is full\nContexts that you could use instead of the sandbox:\n  hopcost run --context test",
        );
    });

    it("gets other errors as they are", async () => {
        const error = new Error("unexpected");
        await assert.rejects(orOtherContexts(Promise.reject(error)), error);
    });
});
