import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFile } from "../../../cli/stack/stack-file.ts";
import { CommandError, exitCodes } from "../../../cli/terminal/exit.ts";

describe("readStackFile", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-stack-file-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = (text: string) => writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
    const refusal = (message: string) => (error: unknown) => {
        assert.ok(error instanceof CommandError);
        assert.equal(error.exitCode, exitCodes.configuration);
        assert.equal(error.message, message);
        return true;
    };

    it("gives every value as Pulumi hands it to the program", () => {
        write(
            "encryptionsalt: v1:x\nconfig:\n  hopcost:sizes: [64, 1 KiB]\n  hopcost:rounds: 4\n  hopcost:runId: 'a'\n",
        );
        const { values, document } = readStackFile("dev", folder);
        assert.deepEqual(values, { "hopcost:sizes": '[64,"1 KiB"]', "hopcost:rounds": "4", "hopcost:runId": "a" });
        assert.equal(document.encryptionsalt, "v1:x");
    });

    it("takes an empty file and one without config as no configuration", () => {
        write("");
        assert.deepEqual(readStackFile("dev", folder).values, {});
        write("encryptionsalt: v1:x\n");
        assert.deepEqual(readStackFile("dev", folder).values, {});
    });

    it("names the known stacks if one is unknown", () => {
        write("");
        writeFileSync(join(folder, "Pulumi.eks.yaml"), "");
        writeFileSync(join(folder, "Pulumi.yaml"), "");
        const path = join(folder, "Pulumi.prod.yaml");
        const message = `There is no stack file ${path}; stacks here: dev, eks. Choose one with --stack, or copy one`;
        assert.throws(() => readStackFile("prod", folder), refusal(message));
    });

    it("says what to do in a folder without any", () => {
        const path = join(folder, "Pulumi.prod.yaml");
        const message = `There is no stack file ${path}; hopcost init writes one, and --context NAME needs none`;
        assert.throws(() => readStackFile("prod", folder), refusal(message));
    });

    it("suggests the stack whose name is nearest", () => {
        write("");
        writeFileSync(join(folder, "Pulumi.minikube.yaml"), "");
        const path = join(folder, "Pulumi.minkube.yaml");
        const message = `There is no stack file ${path}; stacks here: dev, minikube. Did you mean --stack minikube?`;
        assert.throws(() => readStackFile("minkube", folder), refusal(message));
    });

    it("refuses a config that is not a map", () => {
        write("config: [a]\n");
        const message = `${join(folder, "Pulumi.dev.yaml")}: config must be a map of keys such as hopcost:profile`;
        assert.throws(() => readStackFile("dev", folder), refusal(message));
    });

    it("reads numbers and words as Pulumi does", () => {
        // As `pulumi config get` shows them, 2026-11-29, Pulumi 3.259.0.
        for (const [written, read] of [
            ...[
                ["1e3", "1000"],
                ["0x10", "16"],
                ["0o17", "15"],
                ["yes", "yes"],
                ["True", "true"],
                ["1.10", "1.1"],
            ],
            ...[
                ["+5", "5"],
                ["12:30:45", "12:30:45"],
                ["1e-7", "1e-7"],
                ["1e21", "1e+21"],
                ["'010'", "010"],
            ],
            ...[
                ["[1, 1.0, yes]", '[1,1,"yes"]'],
                ["'2026-11-21'", "2026-11-21"],
                ["2026-11-21-a", "2026-11-21-a"],
            ],
        ]) {
            write(`config:\n  hopcost:a: ${written}\n`);
            assert.equal(readStackFile("dev", folder).values["hopcost:a"], read, written);
        }
    });

    it("refuses what Pulumi reads differently: dates, octal and binary numbers, underscores, endless digits", () => {
        for (const written of [
            ...["2026-11-21", "2026-11-21T10:00:00Z", "2026-1-2", "010", "0_1", "1_000", "0b11", ".inf", "-.NaN"],
            ...["1E400", "9007199254740993"],
        ]) {
            for (const value of [written, `[a, ${written}]`]) {
                write(`config:\n  hopcost:a: ${value}\n`);
                const message = `${join(folder, "Pulumi.dev.yaml")}: Pulumi reads ${written} differently than it is written; put it in quotes, e.g. "${written}"`;
                assert.throws(() => readStackFile("dev", folder), refusal(message), value);
            }
        }
    });

    it("refuses keys with nothing after them, and names each", () => {
        write("config:\n  hopcost:namespace:\n  hopcost:rounds: 3\n  hopcost:seed: ~\n");
        const message = `${join(folder, "Pulumi.dev.yaml")}: no value for hopcost:namespace, hopcost:seed; set one, or remove the key`;
        assert.throws(() => readStackFile("dev", folder), refusal(message));
    });

    it("gives a kubeconfig as a path that is the same in every folder, to the program as well", () => {
        for (const [path, absolute] of [
            ["kube/config.yaml", join(folder, "kube/config.yaml")],
            ["~/.kube/other", join(homedir(), ".kube/other")],
            ["/etc/kubeconfig", "/etc/kubeconfig"],
        ]) {
            write(`config:\n  kubernetes:context: c\n  kubernetes:kubeconfig: ${path}\n`);
            const { values, document } = readStackFile("dev", folder);
            assert.equal(values["kubernetes:kubeconfig"], absolute);
            assert.deepEqual(document.config, { "kubernetes:context": "c", "kubernetes:kubeconfig": absolute });
        }
    });

    it("gives the folder of reports as a path that starts beside the stack file", () => {
        for (const [path, absolute] of [
            ["reports/here", join(folder, "reports/here")],
            ["/var/reports", "/var/reports"],
        ]) {
            write(`config:\n  hopcost:reportDir: ${path}\n`);
            assert.equal(readStackFile("dev", folder).values["hopcost:reportDir"], absolute);
        }
    });

    it("refuses a kubeconfig that is not a path, without showing it", () => {
        const message = `${join(folder, "Pulumi.dev.yaml")}: kubernetes:kubeconfig must be the path of a kubeconfig, not its contents or a secret; save it in a file, then: pulumi config set kubernetes:kubeconfig PATH --stack dev`;
        for (const value of [
            "|\n    users: [{ name: u, user: { token: hush } }]",
            "'{\"users\":[]}'",
            "{ secure: v1:x }",
            "7",
            "''",
        ]) {
            write(`config:\n  kubernetes:kubeconfig: ${value}\n`);
            assert.throws(() => readStackFile("dev", folder), refusal(message));
        }
    });

    it("says why a file can't be read", () => {
        const path = join(folder, "Pulumi.dev.yaml");
        mkdirSync(path);
        const message = `${path} can't be read: EISDIR: illegal operation on a directory, read`;
        assert.throws(() => readStackFile("dev", folder), refusal(message));
    });

    it("says where a file stops being YAML", () => {
        write("config:\n  a: [1\n");
        assert.throws(
            () => readStackFile("dev", folder),
            (error: Error) =>
                error instanceof CommandError && /Pulumi\.dev\.yaml is not YAML: .*line 3/s.test(error.message),
        );
    });
});
