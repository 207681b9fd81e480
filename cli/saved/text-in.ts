/**
 * The text of a file or stream: UTF-8, or UTF-16 with a byte order mark, as PowerShell's `>` writes it. A byte order mark is
 * left out.
 */
export function textIn(bytes: Buffer): string {
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Buffer): string {
    if (first === 0xff && second === 0xfe) return "utf-16le";
    if (first === 0xfe && second === 0xff) return "utf-16be";
    return "utf-8";
}
