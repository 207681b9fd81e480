// The rules of hopcost that say something of any program, and one of your own.
//
//     npm install
//     pulumi preview --policy-pack ../own-policies
import { PolicyPack } from "@pulumi/policy";
import { rules } from "hopcost/policies";

/** Those about measured Pods say nothing of other programs. */
const ofAnyProgram = rules.filter(({ name }) => !name.startsWith("measured-") && !name.startsWith("same-"));

new PolicyPack("ours", {
    policies: [
        ...ofAnyProgram,
        {
            name: "team-label",
            description: "Every Deployment says whose it is.",
            enforcementLevel: "mandatory",
            validateResource: ({ type, props }, report) => {
                if (type !== "kubernetes:apps/v1:Deployment") return;
                if (props.metadata?.labels?.team === undefined) report("set metadata.labels.team");
            },
        },
    ],
});
