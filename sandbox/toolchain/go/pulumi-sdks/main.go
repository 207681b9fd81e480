// pulumi-sdks writes what `pulumi package gen-sdk` does for Go and Python, without the language hosts, of which Pulumi publishes
// no module for this version: `pulumi-sdks SCHEMA FOLDER`.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// alone is for a schema that refers to no other.
type alone struct{ schema.ReferenceLoader }

func main() {
	log.SetFlags(0)
	path, folder := os.Args[1], os.Args[2]
	files, err := golang.GeneratePackage("hopcost", packageOf(path), nil)
	write(filepath.Join(folder, "go"), files, err)
	files, err = python.GeneratePackage("hopcost", packageOf(path), nil, alone{})
	write(filepath.Join(folder, "python"), files, err)
}

// packageOf reads and checks a schema; each generator needs its own.
func packageOf(path string) *schema.Package {
	text, err := os.ReadFile(path)
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(text, &spec))
	bound, diagnostics, err := schema.BindSpec(spec, alone{}, schema.ValidationOptions{})
	check(err)
	for _, diagnostic := range diagnostics {
		log.Fatalf("%s: %s", path, diagnostic.Summary)
	}
	return bound
}

func write(folder string, files map[string][]byte, err error) {
	check(err)
	for name, text := range files {
		path := filepath.Join(folder, name)
		check(os.MkdirAll(filepath.Dir(path), 0o755))
		check(os.WriteFile(path, text, 0o644))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
