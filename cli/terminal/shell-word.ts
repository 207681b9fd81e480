/** A word of a command line to copy: quoted if a shell would read it differently. */
export function shellWord(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}

/** The same, always quoted. */
export function quoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
