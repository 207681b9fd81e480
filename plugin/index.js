// What Pulumi starts for a program in another language: the provider of the installed package.
import { main } from "@pulumi/pulumi/provider/index.js";
import { provider } from "hopcost/plugin";

main(provider, process.argv.slice(2));
