import assert from "node:assert/strict";
import { mirrorOf } from "../../../sandbox/toolchain/mirror.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("sandbox/toolchain/mirror");

describe("where released programs come from", () => {
    const original = "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubelet";

    it("is upstream's own server if nothing else is set", () => {
        assert.equal(mirrorOf({})?.(original), original);
        assert.equal(mirrorOf({ HOPCOST_RELEASES: "" })?.(original), original);
    });

    it("is a mirror, whose path gets host and path of the original appended", () => {
        const expected = "https://mirror.example:8443/files/dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubelet";
        for (const mirror of ["https://mirror.example:8443/files", "https://mirror.example:8443/files/"]) {
            assert.equal(mirrorOf({ HOPCOST_RELEASES: mirror })?.(original), expected);
        }
        assert.equal(mirrorOf({ HOPCOST_RELEASES: "http://m" })?.("https://github.com/a"), "http://m/github.com/a");
    });

    it("is nowhere if that is asked for", () => assert.equal(mirrorOf({ HOPCOST_RELEASES: "none" }), undefined));

    for (const wrong of ["mirror.example", "off", "ftp://mirror.example", "https://"]) {
        it(`can't be ${wrong}`, () => {
            assert.throws(
                () => mirrorOf({ HOPCOST_RELEASES: wrong }),
                ({ name, message }: Error) => {
                    assert.equal(name, "SandboxError");
                    assert.match(message, /^HOPCOST_RELEASES is ".*https:\/\/.*none/);
                    asText(wrong, message);
                    return true;
                },
            );
        });
    }
});
