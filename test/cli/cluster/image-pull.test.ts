import assert from "node:assert/strict";
import { pullRemedy } from "../../../cli/cluster/image-pull.ts";

describe("what to do if an image can't be pulled", () => {
    const remedy = (context: string, image = "mine/node:24") => pullRemedy({ context }, image);

    it("is to load it, on clusters on this machine", () => {
        const commands = {
            minikube: "minikube image load mine/node:24",
            "k3d-bench": "k3d image import mine/node:24 --cluster bench",
            "kind-bench": "kind load docker-image mine/node:24 --name bench",
        };
        for (const [context, command] of Object.entries(commands))
            assert.ok(remedy(context).includes(command), context);
    });

    it("is the permission of the nodes, for ECR", () => {
        const eks = "arn:aws:eks:eu-central-1:1:cluster/bench";
        assert.match(remedy(eks, "1.dkr.ecr.eu-central-1.amazonaws.com/node:24"), /role of the nodes/);
        assert.doesNotMatch(remedy(eks), /role of the nodes/);
    });

    it("names the keys for another image, a mirror and a password, everywhere", () => {
        for (const context of ["minikube", "k3d-a", "kind-a", "arn:aws:eks:a", "other"]) {
            for (const key of ["image", "registry", "imagePullSecret"]) {
                assert.ok(remedy(context).includes(`hopcost:${key}`), `${context} ${key}`);
            }
        }
    });
});
