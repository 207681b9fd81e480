/** The policy pack, for `pulumi preview --policy-pack policies`. Needs Node 22.18 or newer on the PATH. */
import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

new PolicyPack("hopcost", { policies: [...rules] });
