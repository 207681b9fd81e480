/** A word of a command line that is shown to be copied: quoted where a shell would read it as anything else. */
export function shellWord(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}

/** The same, always quoted. */
export function quoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
