import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCommand, refuseUnfitHost } from "../../sandbox/host.ts";
import { textsOf } from "../support/texts.ts";
import { folderPerTest } from "./folder.ts";

const asText = textsOf("sandbox/host");

describe("a machine for the sandbox", () => {
    const folder = folderPerTest();

    it("runs Linux; on others the error suggests minikube and k3d", () => {
        for (const platform of ["darwin", "win32"]) {
            assert.throws(
                () => refuseUnfitHost({ platform, uid: 0 }),
                ({ name, message }: Error) => {
                    assert.equal(name, "SandboxError");
                    assert.match(message, new RegExp(`Linux.* ${platform};.*--stack minikube.*--stack k3d`));
                    asText(platform, message);
                    return true;
                },
            );
        }
    });

    it("is used as root; otherwise the error suggests sudo", () => {
        assert.throws(
            () => refuseUnfitHost({ platform: "linux", uid: 1000 }),
            ({ name, message }: Error) => {
                assert.equal(name, "SandboxError");
                assert.match(message, /root.* user id 1000;.*sudo.*--stack minikube.*--stack k3d/);
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
