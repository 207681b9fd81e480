import assert from "node:assert/strict";
import { problemsOf } from "./fixtures.ts";

describe("payloads", () => {
    it("are refused with the numbers if they don't fit the memory or the volume", () => {
        assert.deepEqual(problemsOf({ "hopcost:sizes": "64, 64 MiB" }), [
            'hopcost:memory "512Mi": payloads of 64 MiB need at least 641Mi; set that, or leave the largest hopcost:sizes out',
            'hopcost:volumeSize "128Mi": payloads of 64 MiB need at least 161Mi; set that, or leave the largest hopcost:sizes out',
        ]);
        const enough = { "hopcost:memory": "641Mi", "hopcost:volumeSize": "161Mi" };
        assert.deepEqual(problemsOf({ "hopcost:sizes": "64, 64 MiB", ...enough }), []);
    });

    it("are counted once for each one in flight", () => {
        const values = { "hopcost:profile": "standard", "hopcost:concurrency": "64", "hopcost:volumeSize": "80Mi" };
        const remedy = "set that, or leave the largest hopcost:sizes out, or lower hopcost:concurrency";
        const needs = "payloads of 16 MiB, and 64 of 1 MiB at once, need at least";
        assert.deepEqual(problemsOf(values), [
            `hopcost:memory "512Mi": ${needs} 652Mi; ${remedy}`, // 192 + 5 * (16 + 63) + 64, and a page each
            `hopcost:volumeSize "80Mi": ${needs} 81Mi; ${remedy}`, // 64 and a quarter
        ]);
        assert.deepEqual(problemsOf({ ...values, "hopcost:memory": "652Mi", "hopcost:volumeSize": "81Mi" }), []);
    });

    it("need less memory if the files are on a disk, or if there are none", () => {
        const least = { "hopcost:sizes": "64 MiB", "hopcost:memory": "512Mi", "hopcost:volumeSize": "161Mi" };
        assert.deepEqual(problemsOf({ ...least, "hopcost:volumeMedium": "Disk" }), []);
        assert.deepEqual(problemsOf({ ...least, "hopcost:arms": "network/cluster-ip" }), []);
        assert.match(problemsOf({ ...least, "hopcost:memory": "511Mi" })[0] ?? "", /need at least 641Mi/);
        const onDisk = { ...least, "hopcost:memory": "511Mi", "hopcost:volumeMedium": "Disk" };
        assert.match(problemsOf(onDisk)[0] ?? "", /^hopcost:memory "511Mi": .* at least 512Mi/);
    });

    it("of the ablation arms are also refused, on every volume", () => {
        const large = {
            "hopcost:ablationSizes": "64 MiB",
            "hopcost:memory": "1Gi",
            "hopcost:storageClass": "standard",
        };
        for (const arm of ["volume/fs-watch", "volume/disk", "volume/pvc"]) {
            assert.deepEqual(problemsOf({ ...large, "hopcost:arms": arm }), [
                'hopcost:volumeSize "128Mi": payloads of 64 MiB need at least 161Mi; set that, or leave the largest hopcost:ablationSizes out',
            ]);
        }
    });

    it("need no volume if no arm writes files", () => {
        const small = { "hopcost:volumeSize": "1Mi" };
        for (const arms of ["network/cluster-ip", "network/localhost,network/unix-socket", "floor/noop"]) {
            assert.deepEqual(problemsOf({ ...small, "hopcost:arms": arms }), [], arms);
        }
        assert.match(problemsOf(small)[0] ?? "", /need at least 41Mi/);
        assert.match(problemsOf({ ...small, "hopcost:sizes": "64" })[0] ?? "", /need at least 6Mi/);
    });
});
