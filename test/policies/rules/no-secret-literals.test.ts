import { noSecretLiterals } from "../../../policies/rules/no-secret-literals.ts";
import { changed, configMap, web } from "../program.ts";
import { unknown, unknownAt, unknownsAt, verdicts } from "../support.ts";

verdicts(noSecretLiterals, [
    [
        "passes switches, paths, numbers and references",
        [
            changed(web, "spec.template.spec.containers.0.env", [
                { name: "DISABLE_PASSWORD", value: "true" },
                { name: "TOKEN_FILE", value: "/run/token" },
                { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
            ]),
            changed(configMap, "data", { "app.ini": "password_file: /run/secrets/db\ntokens: 3" }),
        ],
        [],
    ],
    [
        "names the variable and the argument, never the value",
        [
            changed(
                changed(web, "spec.template.spec.containers.0.env", [{ name: "DB_PASSWORD", value: "hunter2" }]),
                "spec.template.spec.containers.0.args",
                ["--api-key=abc123"],
            ),
        ],
        [
            'Deployment "web": ... "app" ... DB_PASSWORD ... Secret',
            'Deployment "web": ... "app" ... api-key ... Secret',
        ],
    ],
    [
        "names the key of a ConfigMap, also of one with bytes",
        [
            changed(
                changed(configMap, "data", { "app.ini": "user: me\npassword: hunter2", dbPassword: "hunter2" }),
                "binaryData",
                { url: Buffer.from("postgres://me:hunter2@db/shop").toString("base64") },
            ),
        ],
        [
            'ConfigMap "code-0123abcd": ... app.ini ... password ... Secret',
            'ConfigMap "code-0123abcd": ... dbPassword ... Secret',
            'ConfigMap "code-0123abcd": ... url ... URL ... password ... Secret',
        ],
    ],
    [
        "reads an option and its value separately, and in a shell command",
        [
            changed(web, "spec.template.spec.containers.0.args", [
                ...["--password", "hunter2", "--token", "--secret", "/run/secret", "--token-file", "one"],
                "exec db --user me --password=hunter2 --api-key abc123 --port 1",
            ]),
        ],
        [
            'Deployment "web": ... "app" ... --password ... Secret',
            'Deployment "web": ... "app" ... password ... Secret',
            'Deployment "web": ... "app" ... --api-key ... Secret',
        ],
    ],
    [
        "finds secrets beside unknown values",
        [
            changed(web, "spec.template.spec.containers", [
                {
                    name: "app",
                    env: [unknown, { name: "URL", value: unknown }, { name: "DB_PASSWORD", value: "hunter2" }],
                    args: [unknown, "--api-key=abc123"],
                },
                { name: "other", env: unknown },
                unknown,
                { name: "third", env: [{ name: "DB_PASSWORD", value: "hunter2" }] },
            ]),
            changed(configMap, "data", { url: unknown, password: "hunter2" }),
        ],
        [
            'Deployment "web": ... "app" ... DB_PASSWORD ... Secret',
            'Deployment "web": ... "app" ... api-key ... Secret',
            'Deployment "web": ... "third" ... DB_PASSWORD ... Secret',
            unknownsAt('Deployment "web"', [
                ...["spec.template.spec.containers.0.env.0", "spec.template.spec.containers.0.env.1.value"],
                ...["spec.template.spec.containers.0.args.0", "spec.template.spec.containers.1.env"],
                "spec.template.spec.containers.2",
            ]),
            'ConfigMap "code-0123abcd": ... password ... Secret',
            unknownAt('ConfigMap "code-0123abcd"', "data.url"),
        ],
    ],
    [
        "reports an unknown value",
        [
            changed(web, "spec.template.spec.containers.0.env.0.value", unknown),
            changed(configMap, "data.password", unknown),
        ],
        [
            unknownAt('Deployment "web"', "spec.template.spec.containers.0.env.0.value"),
            unknownAt('ConfigMap "code-0123abcd"', "data.password"),
        ],
    ],
]);
