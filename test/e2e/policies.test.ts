import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { type PolicyPreview, renderedPreview, withPolicies } from "../../cli/stack/policy-preview.ts";
import { type PulumiTools, pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { badPrograms } from "../policies/bad-programs.ts";
import { findingsByPolicy, foreignManifests, foreignPrograms } from "../policies/foreign.ts";
import { changed, goodProgram, type Manifest, web } from "../policies/program.ts";
import { minutes } from "./support.ts";

const manifest = readFileSync(new URL("../../node_modules/@pulumi/kubernetes/package.json", import.meta.url), "utf8");
const { version } = JSON.parse(manifest) as { version: string };

const container = "spec.template.spec.containers.0";

/** An object of any kind. */
class AnyObject extends pulumi.CustomResource {}

/** Declares an object under its own name. */
function declare({ apiVersion, kind, ...rest }: Manifest): pulumi.CustomResource {
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    return new AnyObject(type, rest.metadata.name, { apiVersion, kind, ...rest }, { version });
}

describe("the policy pack in the real engine", function () {
    this.timeout(minutes(2));
    let tools: PulumiTools;
    const previewOf = (manifests: readonly Manifest[]): Promise<PolicyPreview> =>
        renderedPreview("test", {}, async () => void manifests.forEach(declare), tools);
    const found = ({ violations }: PolicyPreview) => violations.map(({ policy, message }) => [policy, message]);

    before(async function () {
        this.timeout(minutes(15)); // builds the tools if there are none
        tools = await withPolicies(await pulumiTools(() => {}));
    });

    it("finds nothing in a good program", async () => {
        const preview = await previewOf(goodProgram);
        assert.deepEqual([preview.failed, preview.violations], [false, []]);
        assert.ok(preview.resources > goodProgram.length);
    });

    describe("fails the preview of a bad program, with only its violation:", () => {
        const previews = new Map<string, PolicyPreview>();

        before(async function () {
            this.timeout(minutes(5)); // time limit for all of them
            const waiting = [...badPrograms];
            const work = async () => {
                for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
                    previews.set(next.policy, await previewOf(next.manifests));
                }
            };
            await Promise.all([work(), work(), work()]);
        });

        for (const { policy, finding } of badPrograms) {
            it(policy, () => {
                const preview = previews.get(policy);
                assert.ok(preview);
                assert.deepEqual(found(preview), [[policy, finding]]);
                assert.equal(preview.failed, true);
            });
        }
    });

    it("reports a value that is unknown yet, doesn't fail because of it, and hides no violation", async () => {
        const program = async () => {
            const namespace = goodProgram.map(declare).at(0);
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
