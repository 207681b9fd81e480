import { type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Kind, KubeList } from "./kube-files.ts";

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const scalars = Type.Union([Type.Null(), Type.Array(scalar)]);
const orNull = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([Type.Null(), schema]));
const listOf = (fields: Record<string, TSchema>) => Type.Array(Type.Object(fields));
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, Type.Optional(scalar)]));
const execTexts = texts("command", "apiVersion", "interactiveMode", "installHint");
/** What is read of a context, a cluster and a user. */
const shapes: Readonly<Record<Kind, TSchema>> = {
    context: Type.Object(texts("cluster", "user")),
    cluster: Type.Object({
        ...texts("server", "certificate-authority", "certificate-authority-data", "proxy-url", "tls-server-name"),
        extensions: orNull(listOf({ name: scalar, extension: Type.Unknown() })),
    }),
    user: Type.Object({
        ...texts("client-certificate", "client-certificate-data", "client-key", "client-key-data"),
        ...texts("token", "tokenFile", "username", "password", "as", "as-uid"),
        exec: orNull(
            Type.Object({ ...execTexts, args: orNull(scalars), env: orNull(listOf({ name: scalar, value: scalar })) }),
        ),
        "as-groups": orNull(scalars),
        "as-user-extra": orNull(Type.Record(Type.String(), scalars)),
    }),
};

/** @throws Error if an entry of a kubeconfig has a value of a type that kubectl refuses; it doesn't show the value */
export function refuseOtherTypes({ file, list, kind, found }: KubeList): void {
    const entry = orNull(Type.Object({ name: Type.Optional(scalar), [kind]: orNull(shapes[kind]) }));
    const wrong = Value.Errors(Type.Array(entry), found).First();
    if (wrong === undefined) return;
    const where = `${list}${wrong.path.replaceAll("/", ".")}`;
    throw new Error(`${file} is not a kubeconfig: ${where} has a value of another type than kubectl expects`);
}
