import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { sandboxContext, sandboxKubeconfig } from "../../sandbox/layout.ts";
import { isCheckout, packageRoot, projectName, projectRoot, stateFolder } from "../project.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { readStackFile, type StackFile, stackFileName } from "./stack-file.ts";
import { stackNames } from "./stack-names.ts";

/** How the user chose a stack on the command line. */
export interface StackOptions {
    /** By its file, `dev` if nothing is chosen. */
    stack: string;
    /** By a context, without a stack file. */
    context?: string;
    /** Path of the kubeconfig with that context. @default kubectl's */
    kubeconfig?: string;
}

/** The stack that a command works on. */
export interface ChosenStack {
    name: string;
    /** The same with organization and project, if the user named them. */
    qualifiedName: string;
    /** How to choose it again: `--stack minikube`, `--context kind-a`. */
    options: string;
    /** Where its configuration comes from, for messages: `Pulumi.minikube.yaml`. */
    source: string;
    file: StackFile;
    /** Folder of what is kept between runs. */
    home: string;
    /** Folder of Pulumi's state; undefined: in the backend that the user is logged in to. */
    state: string | undefined;
}

/** The stack whose target is the sandbox; its file is in every installation, and its state stays on this machine. */
export const sandboxStack = "dev";
/** An encryption key of the empty passphrase: nothing in such a state is secret, and Pulumi must not add one at each run. */
const emptyPassphraseSalt = "v1:CsZchb9AdlY=:v1:NZe/g2uK6eg1Il+B:fwiDuiYoXC37dhSVZBTgtP73HJkdRg==";

/** @throws CommandError (configuration) if the stack has no readable file, or the options don't belong together */
export function chooseStack({ stack, context, kubeconfig }: StackOptions): ChosenStack {
    if (context !== undefined) return stackOfContext(context, kubeconfig);
    if (kubeconfig !== undefined) {
        throw new CommandError(
            exitCodes.configuration,
            "--kubeconfig needs --context NAME, because nothing is deployed to a context you didn't name",
        );
    }
    const [organization, project, ...rest] = stack.split("/");
    const name = rest[0] ?? project ?? organization ?? stack;
    if (rest.length > 1 || (rest.length === 1 && project !== projectName) || name === "") {
        throw new CommandError(
            exitCodes.configuration,
            `--stack ${stack}: must be STACK, ORGANIZATION/STACK or ORGANIZATION/${projectName}/STACK`,
        );
    }
    const home = isCheckout ? stateFolder : dataFolder();
    return {
        name,
        qualifiedName: stack,
        options: `--stack ${shellWord(stack)}`,
        source: stackFileName(name),
        file: readStackFile(name, name === sandboxStack && !stackNames().includes(name) ? packageRoot : projectRoot),
        home,
        state: stack === sandboxStack ? join(home, "state") : undefined,
    };
}

/** The stack of a context has the program's defaults, and its state in the user's data folder. */
function stackOfContext(context: string, given: string | undefined): ChosenStack {
    if (context.trim() === "") {
        throw new CommandError(
            exitCodes.configuration,
            "--context needs the name of a context; kubectl config get-contexts lists them",
        );
    }
    const isSandbox = context === sandboxContext;
    const path = given ?? (isSandbox ? sandboxKubeconfig : undefined);
    const config = {
        ...(isSandbox && (readStackFile(sandboxStack, packageRoot).document.config as object)),
        "kubernetes:context": context,
        ...(path !== undefined && { "kubernetes:kubeconfig": resolve(path) }),
    };
    const home = dataFolder();
    const options = [`--context ${shellWord(context)}`, ...(given ? [`--kubeconfig ${shellWord(given)}`] : [])];
    const name = nameOf(context, given);
    return {
        name,
        qualifiedName: name,
        options: options.join(" "),
        source: `the defaults, with ${options.join(" ")}`,
        file: {
            document: { config, encryptionsalt: emptyPassphraseSalt },
            values: config,
        },
        home,
        state: join(home, "state"),
    };
}

/**
 * A name for the stack of a context that is also good for its namespace, `hopcost-NAME`: an address or a long name is cut,
 * and gets a hash. Two kubeconfigs may have a context of the same name, e.g. `default`.
 */
function nameOf(context: string, kubeconfig: string | undefined): string {
    const plain = context
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "");
    if (plain === context && plain.length <= 40 && kubeconfig === undefined) return plain;
    const whole = JSON.stringify([context, kubeconfig && resolve(kubeconfig)]);
    const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
    return `${plain.slice(-30).replace(/^-+/, "")}-${hash}`.replace(/^-/, "");
}

/** Where programs keep data of a user, https://specifications.freedesktop.org/basedir-spec/latest/. */
function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
    return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "hopcost");
}
