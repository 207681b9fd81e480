// The Kubernetes provider of Pulumi, as its own main starts it. That main embeds two generated files which the Go
// module does not carry; the build puts copies of what the module does carry beside this file (sandbox/tool-builds.ts).
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
