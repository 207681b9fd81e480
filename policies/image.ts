/** The parts of an image's reference. */
export interface Image {
    /** Registry and repository, e.g. `docker.io/library/node`. */
    name: string;
    tag: string | undefined;
    /** E.g. `sha256:...`. */
    digest: string | undefined;
}

/** Reads `name[:tag][@digest]`; a colon before the last slash is that of a registry's port. */
export function parseImage(reference: string): Image {
    const [path = "", digest] = reference.split("@", 2);
    const [, name = path, tag] = /^(.*?)(?::([^:/]+))?$/.exec(path) ?? [];
    return { name, tag, digest };
}
