import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { messageOf } from "../../model/error.ts";
import { namespacePattern } from "../../model/names.ts";
import { knownContexts } from "../cluster/kube-files.ts";
import { stackPath } from "../stack/stack-file.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { shellWord } from "../terminal/shell-word.ts";

/** What the user asked for on the command line. */
export interface InitOptions {
    context?: string;
    kubeconfig?: string;
}

/**
 * `hopcost init`: writes a stack file with comments that say what can be set.
 * @param stack its name
 * @returns the exit code
 * @throws CommandError (configuration) if no context is named, or there is such a file already
 */
export function init(stack: string, { context, kubeconfig }: InitOptions): number {
    if (!namespacePattern.test(`hopcost-${stack}`))
        throw refusal(`${stack}: the name of a stack must be lower-case letters, digits or dashes`);
    if (context === undefined) {
        const contexts = knownContexts().map(
            (name) => `\n  hopcost init ${shellWord(stack)} --context ${shellWord(name)}`,
        );
        throw refusal(
            `name the context of your cluster with --context${contexts.length > 0 ? `, for instance:${contexts.join("")}` : ""}`,
        );
    }
    const path = stackPath(stack);
    try {
        writeFileSync(path, stackTemplate(stack, context, kubeconfig), { flag: "wx" });
    } catch (error) {
        const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
        throw refusal(
            exists
                ? `${path} is there already; choose another name, or edit it`
                : `${path} can't be written (${messageOf(error)})`,
        );
    }
    const chosen = `--stack ${stack}`;
    console.log(`Wrote ${path}\nNext: hopcost doctor ${chosen}, then hopcost run ${chosen}`);
    return exitCodes.ok;
}

function refusal(text: string): CommandError {
    return new CommandError(exitCodes.configuration, text);
}

/** A stack file with the keys that most clusters need; docs/configuration.md has the others. */
export function stackTemplate(stack: string, context: string, kubeconfig?: string): string {
    const where = {
        "kubernetes:context": context,
        ...(kubeconfig !== undefined && { "kubernetes:kubeconfig": kubeconfig }),
    };
    const indented = (text: string) => text.replaceAll(/^(?=.)/gm, "  ");
    return `# yaml-language-server: $schema=node_modules/hopcost/config/stack-file.schema.json
# hopcost run --stack ${stack}
config:
${indented(stringify(where))}
  # How much is measured: quick (a minute), standard (every arm, for a result to act on), full (hours).
  hopcost:profile: quick

  # Where the Pods run: same-node, cross-node (two nodes) or any; labels and taints of those nodes.
  # hopcost:placement: same-node
  # hopcost:nodeSelector: pool=benchmark
  # hopcost:tolerations: dedicated=benchmark:NoSchedule

  # A PersistentVolume beside the shared volume in memory: \`kubectl get storageclass\` lists the classes.
  # hopcost:storageClass: standard

  # What happens during failures, rollouts and scaling: failures, rollouts, scaling, all, or names of scenarios.
  # hopcost:scenarios: kill-process,delete-pod

  # The namespace, which is created and deleted with the stack.
  # hopcost:namespace: hopcost-${stack}

  # Images from a mirror, and the Secret to pull them with (NAMESPACE/NAME).
  # hopcost:registry: mirror.example/hub
  # hopcost:imagePullSecret: ci/registry

  # OpenShift: its own user ids.
  # hopcost:userIds: cluster

  # A Prometheus beside the experiment.
  # hopcost:metrics: false
`;
}
