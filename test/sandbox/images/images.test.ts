import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeDockerArchive } from "../../../sandbox/images/docker-archive.ts";
import { librariesOf, userland } from "../../../sandbox/images/image-files.ts";
import { servedImages } from "../../../sandbox/images/images.ts";
import { graphPage, prometheusImageOf } from "../../../sandbox/images/prometheus.ts";
import type { TarEntry } from "../../../sandbox/images/tar.ts";
import { folderPerTest } from "../folder.ts";

describe("container images", () => {
    const folder = folderPerTest();
    const memberOf = (path: string, name: string) =>
        execFileSync("tar", ["-xOf", path, name], { stdio: ["ignore", "pipe", "pipe"] });

    it("are archives with valid digests", async () => {
        const path = join(folder(), "images.tar");
        await writeDockerArchive(path, [
            {
                reference: "hopcost.local/a:1",
                files: [{ kind: "file", name: "a", content: "A" }],
                config: { Cmd: ["/a"] },
            },
            {
                reference: "hopcost.local/b:1",
                files: [{ kind: "file", name: "b", content: "B" }],
                config: { User: "1000:1000" },
            },
        ]);
        assert.deepEqual(readdirSync(folder()), ["images.tar"]);
        const member = (name: string) => memberOf(path, name);
        const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
        const manifest = JSON.parse(member("manifest.json").toString());
        assert.deepEqual(
            manifest.map((image: { RepoTags: string[] }) => image.RepoTags),
            [["hopcost.local/a:1"], ["hopcost.local/b:1"]],
        );
        for (const { Config, Layers } of manifest) {
            const config = member(Config);
            assert.equal(Config, `${sha256(config)}.json`);
            assert.equal(Layers.length, 1);
            assert.deepEqual(JSON.parse(config.toString()).rootfs.diff_ids, [`sha256:${sha256(member(Layers[0]))}`]);
        }
        assert.deepEqual(JSON.parse(member(manifest[1].Config).toString()).config, { User: "1000:1000" });
    });

    it("share a layer, which the archive contains once", async () => {
        const path = join(folder(), "images.tar");
        const files: TarEntry[] = [{ kind: "file", name: "a", content: "A" }];
        const images = ["b", "c"].map((name) => {
            return { reference: `hopcost.local/${name}:1`, files, config: { Entrypoint: [`/${name}`] } };
        });
        await writeDockerArchive(path, images);
        const names = execFileSync("tar", ["-tf", path]).toString().trim().split("\n");
        const manifest = JSON.parse(memberOf(path, "manifest.json").toString());
        const layers = manifest.flatMap((image: { Layers: string[] }) => image.Layers);
        assert.equal(layers.length, 2);
        assert.deepEqual(
            names.filter((name) => name.endsWith(".tar")),
            [...new Set(layers)],
        );
        const entrypoints = manifest.map(
            ({ Config }: { Config: string }) => JSON.parse(memberOf(path, Config).toString()).config.Entrypoint,
        );
        assert.deepEqual(entrypoints, [["/b"], ["/c"]]);
    });

    it("of the cluster's own Pods share a layer, whether their programs are links to one or not", () => {
        const write = (name: string) => {
            const from = join(folder(), name);
            writeFileSync(from, name);
            return from;
        };
        const linked = (name: string) => {
            symlinkSync("kube", join(folder(), name));
            return { name, reference: `hopcost.local/${name}:1`, from: join(folder(), name) };
        };
        const kube = write("kube");
        const built = servedImages([linked("coredns"), linked("metrics-server")]);
        assert.deepEqual(built[0]?.files, [
            { kind: "file", name: "kube", mode: 0o755, from: kube },
            { kind: "link", name: "coredns", target: "kube" },
            { kind: "link", name: "metrics-server", target: "kube" },
        ]);
        assert.equal(built[1]?.files, built[0]?.files);

        const one = { name: "one", reference: "hopcost.local/one:1", from: write("one") };
        const mixed = servedImages([one, linked("two")]);
        assert.deepEqual(mixed[1]?.files, [
            { kind: "file", name: "one", mode: 0o755, from: one.from },
            { kind: "file", name: "kube", mode: 0o755, from: kube },
            { kind: "link", name: "two", target: "kube" },
        ]);
        assert.deepEqual(
            mixed.map(({ config, reference }) => [reference, config.Entrypoint]),
            [
                ["hopcost.local/one:1", ["/one"]],
                ["hopcost.local/two:1", ["/two"]],
            ],
        );
    });

    it("name their user, and every folder above a file before it", () => {
        const entries = userland("node:x:1000:1001::/home/node:/bin/sh", [{ name: "usr/bin/a", from: "/a" }]);
        const content = (name: string) =>
            entries.flatMap((it) => (it.name === name && "content" in it ? it.content : []));
        assert.deepEqual(content("etc/passwd"), [
            "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n",
        ]);
        assert.deepEqual(content("etc/group"), ["root:x:0:\nnode:x:1001:\n"]);
        const names = entries.map(({ name }) => name);
        assert.ok(names.indexOf("usr") < names.indexOf("usr/bin"));
        assert.ok(names.indexOf("usr/bin") < names.indexOf("usr/bin/a"));
        assert.ok(names.includes("proc"));
        assert.deepEqual(
            entries.find(({ name }) => name === "usr/bin/a"),
            { kind: "file", name: "usr/bin/a", mode: 0o755, from: "/a" },
        );
    });

    it("let only arguments configure Prometheus, which serves Debian's pages as user assets", () => {
        const web = folder();
        const write = (name: string, content: string) => {
            writeFileSync(join(web, basename(name)), content);
            return { name, from: join(web, basename(name)) };
        };
        const script = 'ask(PATH_PREFIX + "/classic/static/js/graph/a.handlebar"); go(PATH_PREFIX + "/graph?" + query)';
        const pages = [
            write("web/static/js/graph/index.js", script),
            write("web/static/css/graph.css", "body {}"),
            write("web/templates/graph.html", '{{define "head"}}HEAD{{end}} {{define "content"}}CONTENT{{end}}'),
        ];
        const { files, config } = prometheusImageOf({
            program: { name: "bin/prometheus", from: "/prometheus" },
            pages,
        });
        assert.deepEqual(config.Entrypoint, ["/bin/prometheus", "--web.user-assets=/web"]);
        assert.equal(config.User, "65534:65534");
        assert.deepEqual(
            files.find(({ name }) => name === "prometheus"),
            { kind: "folder", name: "prometheus", owner: 65534 },
        );
        const held = files.filter(({ kind }) => kind === "file").map(({ name }) => name);
        for (const name of ["bin/prometheus", "web/static/css/graph.css"]) assert.ok(held.includes(name), name);
        assert.equal(held.filter((name) => name === "web/static/js/graph/index.js").length, 1);
        const moved = files.find(({ name }) => name === "web/static/js/graph/index.js");
        assert.ok(moved !== undefined && "content" in moved);
        const found =
            'ask(PATH_PREFIX + "/user/static/js/graph/a.handlebar"); go(PATH_PREFIX + "/user/graph.html?" + query)';
        assert.equal(moved.content, found);
    });

    it("have a static graph page", () => {
        const page = graphPage(
            '{{define "head"}}<script src="{{ pathPrefix }}/classic/static/a.js?v={{ buildVersion }}">{{end}}\n{{define "content"}}<p>here</p>{{end}}',
        );
        assert.match(
            page,
            /<script src="\/user\/static\/a\.js\?v=3\.\d+\.\d+">\s*<\/head>\s*<body>\s*<p>here<\/p>\s*<\/body>/,
        );
        assert.doesNotMatch(page, /\{\{|classic/);
    });

    it("contain the libraries that ldd lists, with the loader and without the kernel's own", () => {
        const output = [
            "\tlinux-vdso.so.1 (0x00007fcc9b430000)",
            "\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007fcc9b41a000)",
            "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fcc9af17000)",
            "\t/lib64/ld-linux-x86-64.so.2 (0x00007fcc9b432000)",
        ].join("\n");
        assert.deepEqual(librariesOf(output), [
            "/lib/x86_64-linux-gnu/libdl.so.2",
            "/lib/x86_64-linux-gnu/libc.so.6",
            "/lib64/ld-linux-x86-64.so.2",
        ]);
        assert.deepEqual(librariesOf("\tstatically linked"), []);
    });
});
