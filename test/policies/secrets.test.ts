import assert from "node:assert/strict";
import { looksSecret, namesSecret, secretsInText } from "../../policies/secrets.ts";

describe("a secret", () => {
    it("is recognized by its name, in every spelling", () => {
        const names = ["PASSWORD", "DB_PASSWORD", "dbPassword", "db.password", "api-key", "API_KEY", "accessTokens"];
        names.push("PGPASSWORD", "rootpassword", "MYSQL_PWD", "DB_PASS", "SECRET_KEY_BASE");
        assert.deepEqual(
            names.filter((name) => !namesSecret(name)),
            [],
        );
        const others = ["TOKENIZER", "passwordless", "SECRETARY", "PUBLIC_KEY", "MONKEY", "tokenizerPath"];
        others.push("SECRET_NAME", "secretName", "TOKEN_URL", "token.endpoint", "PASS_THROUGH", "COMPASS", "TOKEN_TTL");
        assert.deepEqual(others.filter(namesSecret), []);
    });

    it("isn't a switch, number, path, reference or empty value", () => {
        const values = ["", "true", "No", "42", "0.5", "/run/secret", "./key", "$(PASSWORD)", "<yours>", "file:key"];
        assert.deepEqual(values.filter(looksSecret), []);
        assert.equal(looksSecret("hunter2"), true);
    });

    it("is recognized by its format, under any name", () => {
        const texts = [
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA1234567890",
            String.raw`{"private_key": "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA1234567890"}`,
            "AKIAABCDEFGHIJKLMNOP",
            `ghp_${"a1".repeat(18)}`,
            "xoxb-1234567890-abc",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN",
            "postgres://me:hunter2@db/shop",
        ];
        assert.deepEqual(
            texts.map((text) => secretsInText(`x = ${text}`)),
            [
                ["a private key"],
                ["a private key"],
                ["an AWS access key"],
                ["a GitHub token"],
                ["a Slack token"],
                ["a JSON Web Token"],
                ["a URL with a password"],
            ],
        );
    });

    it("is found in settings, but not in the code of a program that handles secrets", () => {
        assert.deepEqual(secretsInText('user: me\n  "password": "hunter2",\nclient_secret=abc'), [
            "the setting password",
            "the setting client_secret",
        ]);
        assert.deepEqual(
            secretsInText('const token = await readToken("/run/token");\nif (password === "") return;'),
            [],
        );
    });
});
