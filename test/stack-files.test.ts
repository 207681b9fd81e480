import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readStackFile } from "../cli/stack/stack-file.ts";
import { ConfigError, readConfig } from "../config/config.ts";
import { storageClass } from "../sandbox/cluster/volumes.ts";

const stacks = readdirSync(new URL("..", import.meta.url)).flatMap(
    (name) => /^Pulumi\.(\w+)\.yaml$/.exec(name)?.[1] ?? [],
);

describe("the stack files", () => {
    it("exist for each target", () => {
        assert.deepEqual(stacks.sort(), ["dev", "eks", "k3d", "minikube"]);
    });

    it("are valid, except for the context of EKS, which only its user knows", () => {
        const contextOf = (stack: string) => {
            try {
                return readConfig(stack, readStackFile(stack).values).context;
            } catch (error) {
                assert.ok(error instanceof ConfigError);
                return error.problems;
            }
        };
        const [dev, eks, k3d, minikube] = stacks.sort().map(contextOf);
        assert.deepEqual([dev, k3d, minikube], ["hopcost-sandbox", "k3d-hopcost", "minikube"]);
        assert.equal(eks?.length, 1);
        assert.match(eks?.[0] ?? "", /^kubernetes:context: must be set/);
    });

    it("use upstream's Prometheus, except the sandbox, which has its own", () => {
        const imageOf = (stack: string) => readStackFile(stack).values["hopcost:prometheusImage"];
        assert.match(imageOf("dev") ?? "", /^hopcost\.local\/prometheus:\d/);
        assert.deepEqual(["eks", "k3d", "minikube"].map(imageOf), [undefined, undefined, undefined]);
    });

    it("name the StorageClass that their cluster has by default; EKS might have none", () => {
        const classOf = (stack: string) => readStackFile(stack).values["hopcost:storageClass"];
        const [dev, eks, k3d, minikube] = stacks.sort().map(classOf);
        assert.equal(dev, storageClass.object.metadata.name);
        assert.deepEqual([eks, k3d, minikube], [undefined, "local-path", "standard"]);
    });
});
