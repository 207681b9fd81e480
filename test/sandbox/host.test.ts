import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UnfitHostError } from "../../sandbox/errors.ts";
import { findCommand, refuseUnfitHost } from "../../sandbox/host.ts";
import { textsOf } from "../support/texts.ts";
import { folderPerTest } from "./folder.ts";

const asText = textsOf("sandbox/host");

describe("a machine for the sandbox", () => {
    const folder = folderPerTest();

    it("runs Linux; for others the error names the system", () => {
        for (const [platform, system] of [
            ["darwin", "macOS"],
            ["win32", "Windows"],
            ["freebsd", "freebsd"],
        ] as const) {
            assert.throws(
                () => refuseUnfitHost({ platform, uid: 0 }),
                (error: Error) => {
                    assert.ok(error instanceof UnfitHostError);
                    const { message } = error;
                    assert.match(message, new RegExp(`Linux.* ${system};.*another cluster`));
                    asText(platform, message);
                    return true;
                },
            );
        }
    });

    it("is used as root; otherwise the error suggests sudo", () => {
        assert.throws(
            () => refuseUnfitHost({ platform: "linux", uid: 1000 }),
            (error: Error) => {
                assert.ok(error instanceof UnfitHostError);
                const { message } = error;
                assert.match(message, /root.* user id 1000;.*sudo.*another cluster/);
                asText("not root", message);
                return true;
            },
        );
        assert.doesNotThrow(() => refuseUnfitHost({ platform: "linux", uid: 0 }));
    });

    it("finds its commands on the PATH and in the system's folders, if they can be started", () => {
        const command = join(folder(), "hopcost-test-command");
        writeFileSync(command, "#!/bin/sh\n");
        chmodSync(command, 0o644);
        assert.equal(findCommand("hopcost-test-command", folder()), undefined);
        chmodSync(command, 0o755);
        assert.equal(findCommand("hopcost-test-command", `/nowhere:${folder()}`), command);
        assert.match(findCommand("sh", "") ?? "", /\/sh$/);
    });
});
