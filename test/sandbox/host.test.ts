import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCommand, refuseUnfitHost } from "../../sandbox/host.ts";
import { folderPerTest } from "./folder.ts";

describe("a machine for the sandbox", () => {
    const folder = folderPerTest();

    it("is Linux, else minikube and k3d are named in one sentence", () => {
        for (const platform of ["darwin", "win32"]) {
            assert.throws(() => refuseUnfitHost({ platform, uid: 0 }), {
                name: "SandboxError",
                message: `the sandbox needs Linux, this is ${platform}: use a cluster of minikube or k3d instead, with --stack minikube or --stack k3d`,
            });
        }
    });

    it("is used as root", () => {
        assert.throws(() => refuseUnfitHost({ platform: "linux", uid: 1000 }), {
            name: "SandboxError",
            message:
                "the sandbox needs root for its network and mounts, this is user id 1000: start the command again with sudo, or use minikube or k3d with --stack minikube or --stack k3d",
        });
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
