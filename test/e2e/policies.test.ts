import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { type PolicyPreview, renderedPreview, withPolicies } from "../../cli/stack/policy-preview.ts";
import { rules } from "../../policies/rules.ts";
import { type PulumiTools, pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { badPrograms } from "../policies/bad-programs.ts";
import { findingsByPolicy, foreignManifests, foreignPrograms } from "../policies/foreign.ts";
import { changed, goodProgram, type Manifest, web } from "../policies/program.ts";
import { buildMs } from "../support/build-limit.ts";
import { minutes } from "./support.ts";

const manifest = readFileSync(new URL("../../node_modules/@pulumi/kubernetes/package.json", import.meta.url), "utf8");
const { version } = JSON.parse(manifest) as { version: string };

const container = "spec.template.spec.containers.0";

/** An object of any kind. */
class AnyObject extends pulumi.CustomResource {}

/** Declares an object. @param as its name in the program; default: its own */
function declare({ apiVersion, kind, ...rest }: Manifest, as = rest.metadata.name): pulumi.CustomResource {
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    return new AnyObject(type, as, { apiVersion, kind, ...rest }, { version });
}

/** Names of the policies that look at all objects of a program together. */
const stackPolicies = rules.filter((rule) => "validateStack" in rule).map(({ name }) => name);

describe("the policy pack in the real engine", function () {
    this.timeout(minutes(2));
    let tools: PulumiTools;
    const previewOf = (manifests: readonly Manifest[]): Promise<PolicyPreview> =>
        renderedPreview("test", {}, async () => void manifests.map((manifest) => declare(manifest)), tools);
    const found = ({ violations }: PolicyPreview) => violations.map(({ policy, message }) => [policy, message]);

    before(async function () {
        this.timeout(buildMs);
        tools = await withPolicies(await pulumiTools(() => {}));
    });

    it("finds nothing in a good program", async () => {
        const preview = await previewOf(goodProgram);
        assert.deepEqual([preview.failed, preview.violations], [false, []]);
        assert.ok(preview.resources > goodProgram.length);
    });

    describe("fails the preview of a bad program, with only its violation:", () => {
        const ofObjects = badPrograms.filter(({ policy }) => !stackPolicies.includes(policy));
        let preview: PolicyPreview;

        // In one preview: each policy of objects sees only one object at a time. The others are declared below.
        before(async function () {
            this.timeout(minutes(5));
            const program = async () => {
                goodProgram.map((manifest) => declare(manifest));
                for (const { policy, manifests } of ofObjects) {
                    const bad = manifests.filter((one) => !goodProgram.includes(one));
                    for (const manifest of bad) declare(manifest, `${policy}/${manifest.metadata.name}`);
                }
            };
            preview = await renderedPreview("test", {}, program, tools);
            assert.equal(preview.failed, true);
        });

        for (const { policy, finding } of ofObjects) {
            it(policy, () => {
                const own = preview.violations.filter(({ event }) => event.resourceUrn?.includes(`::${policy}/`));
                assert.deepEqual(
                    own
                        .filter((it) => !stackPolicies.includes(it.policy))
                        .map((it) => [it.policy, it.message.replace(`"${policy}/`, `"`)]),
                    [[policy, finding]],
                );
                assert.ok(own.every(({ mandatory }) => mandatory));
            });
        }

        for (const { policy, finding, manifests } of badPrograms.filter((it) => stackPolicies.includes(it.policy))) {
            it(policy, async () => {
                const alone = await previewOf(manifests);
                assert.deepEqual(found(alone), [[policy, finding]]);
                assert.equal(alone.failed, true);
            });
        }
    });

    it("reports a value that is unknown yet, doesn't fail because of it, and hides no violation", async () => {
        const program = async () => {
            const namespace = goodProgram.map((manifest) => declare(manifest)).at(0);
            assert.ok(namespace);
            const image = pulumi.interpolate`registry.example/app:${namespace.id}`; // an id is known only after creation
            const late = changed(changed(web, "metadata.name", "late"), `${container}.imagePullPolicy`, "Always");
            const { spec } = late as { spec?: { template: { spec: { containers: object[] } } } };
            for (const each of spec?.template.spec.containers ?? []) Object.assign(each, { image });
            declare(late);
        };
        const preview = await renderedPreview("test", {}, program, tools);
        const unknown = (policy: string) =>
            `can't run policy '${policy}' from policy pack 'hopcost@v0.1.0' during preview: Deployment "late", container "app": string value at .spec.template.spec.containers.0.image can't be known during preview; it is checked at deployment, or now if the program gives a plain value`;
        assert.deepEqual(found(preview), [
            [
                "pull-policy",
                'Deployment "late", container "app": has the imagePullPolicy Always; set IfNotPresent, which fits an image that is pinned',
            ],
            ["image-digest", unknown("image-digest")],
            ["image-tag", unknown("image-tag")],
        ]);
        assert.deepEqual(
            preview.violations.map(({ mandatory }) => mandatory),
            [true, false, false],
        );
    });

    for (const name of foreignPrograms) {
        it(`finds in ${name}, which isn't ours, what docs/policies.md lists`, async () => {
            const manifests = foreignManifests(name);
            const listed = (await findingsByPolicy(manifests)).flatMap(({ policy, findings }) =>
                findings.map((finding) => [policy, finding]),
            );
            assert.deepEqual(found(await previewOf(manifests)).sort(), listed.sort());
        });
    }
});
