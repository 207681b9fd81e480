import { SandboxError } from "../errors.ts";

/** The environment variable that chooses where released programs come from. */
export const mirrorVariable = "HOPCOST_RELEASES";

/**
 * Where released programs are downloaded from, as `HOPCOST_RELEASES` says: upstream's own servers if it is not set, nowhere if
 * it is `none`, else a mirror, whose path gets host and path of the original appended:
 * `https://mirror.example/files/dl.k8s.io/release/...`.
 * @returns the address to use for an original one; undefined if nothing may be downloaded
 * @throws SandboxError if the variable is something else
 */
export function mirrorOf(env: NodeJS.ProcessEnv = process.env): ((original: string) => string) | undefined {
    const mirror = env[mirrorVariable] ?? "";
    if (mirror === "") return (original) => original;
    if (mirror === "none") return undefined;
    if (!/^https?:$/.test(URL.parse(mirror)?.protocol ?? "")) {
        throw new SandboxError(
            `${mirrorVariable} is "${mirror}", but must be the https:// address of a mirror, or none to build everything; correct or unset it`,
        );
    }
    return (original) => {
        const { host, pathname } = new URL(original);
        return `${mirror.replace(/\/+$/, "")}/${host}${pathname}`;
    };
}
