/** Parts of the names of secrets; doesn't match `tokenizer` or `passwordless`. */
const secretName =
    /(password|passwd|passphrase|(^|[^a-z])(secret|credentials?|token|api-?key|private-?key|access-?key))s?($|[^a-z])|(^|-)(pass|pwd)$/i;
/** The same in one word, e.g. `dbPassword`. */
const camelName = /(Password|Passphrase|Secret|Credentials?|Token|ApiKey|PrivateKey|AccessKey)s?($|[^a-z])/;
/** Names of facts about a secret, e.g. `SECRET_NAME` or `tokenUrl`. */
const aboutSecret =
    /(-(names?|ref|file|path|dir|url|uri|endpoint|ttl|expiry|type|length|header|issuer)|[a-z](Name|Ref|File|Path|Dir|Url|Uri|Endpoint|Ttl|Expiry|Type|Length|Header|Issuer))$/;
/** Secrets that are recognized by their format, under any name. */
const forms: Record<string, RegExp> = {
    // In JSON a line ends in a backslash and an n.
    "a private key": /-----BEGIN (\w+ )*PRIVATE KEY( BLOCK)?-----(\s|\\r|\\n)+[\w+/]{16}/,
    "an AWS access key": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
    "a GitHub token": /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60})/,
    "a Slack token": /\bxox[abposr]-[A-Za-z0-9-]{10}/,
    "a JSON Web Token": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
    "a URL with a password": /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'`$]+:[^\s/@"'`$]+@[\w[]/,
};
/** A setting in a text, e.g. `password: s3cret` or `db.password=s3cret`. */
const setting = /^[\s"'-]*([\w.-]+)["']?\s*[:=]\s*["']?([^\s"',;]+)["']?[,;]?\s*$/;

/** Whether something with this name can be a secret. */
export function namesSecret(name: string): boolean {
    const dashed = name.replaceAll(/[_.]/g, "-");
    if (aboutSecret.test(name) || aboutSecret.test(dashed.toLowerCase())) return false;
    return secretName.test(dashed) || camelName.test(name);
}

/** Whether a value can be a secret: it isn't a path, switch, number, reference or empty. */
export function looksSecret(value: string): boolean {
    return !/^(\s*|true|false|yes|no|none|null|[\d.]+|[./~].*|\$.*|<.*>|file:.*)$/i.test(value);
}

/** Descriptions of the secrets in a text, without their values. */
export function secretsInText(text: string): string[] {
    const known = Object.entries(forms).flatMap(([what, form]) => (form.test(text) ? what : []));
    // Code isn't a list of settings: in long lines and program files, only the known forms count.
    const settings = text.split("\n").flatMap((line) => {
        const [, name = "", value = ""] = (line.length < 200 && setting.exec(line)) || [];
        return namesSecret(name) && looksSecret(value) ? `the setting ${name}` : [];
    });
    return [...known, ...settings];
}
