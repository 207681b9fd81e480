package main

import (
	"github.com/spf13/cobra"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/util"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/metrics-server/cmd/metrics-server/app/options"
	"sigs.k8s.io/metrics-server/pkg/api/generated/openapi"
)

// runMetricsServer does what metrics-server's own command does, but that it knows its models by their new names.
func runMetricsServer() {
	settings := options.NewOptions()
	command := &cobra.Command{
		Use: "metrics-server",
		RunE: func(*cobra.Command, []string) error {
			if errors := settings.Validate(); len(errors) > 0 {
				return utilerrors.NewAggregate(errors)
			}
			config, err := settings.ServerConfig()
			if err != nil {
				return err
			}
			config.Apiserver.OpenAPIConfig.GetDefinitions = modelsByNewNames
			config.Apiserver.OpenAPIV3Config.GetDefinitions = modelsByNewNames
			config.Apiserver.OpenAPIV3Config.Definitions = nil // else these are taken, and nobody asks the function
			server, err := config.Complete()
			if err != nil {
				return err
			}
			return server.RunUntil(nil)
		},
	}
	for _, flags := range settings.Flags().FlagSets {
		command.Flags().AddFlagSet(flags)
	}
	runComponent(command)
}

// modelsByNewNames gives metrics-server's models, and what they refer to, the names by which Kubernetes looks models up now:
// io.k8s.metrics and so on. Those that metrics-server 0.8.0 was generated with are names of Go packages. With these it does
// not start, and the API server's own schema would refer to models that it does not have.
func modelsByNewNames(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	models := map[string]common.OpenAPIDefinition{}
	refer := func(name string) spec.Ref { return ref(util.ToRESTFriendlyName(name)) }
	for name, model := range openapi.GetOpenAPIDefinitions(refer) {
		for index, dependency := range model.Dependencies {
			model.Dependencies[index] = util.ToRESTFriendlyName(dependency)
		}
		models[util.ToRESTFriendlyName(name)] = model
	}
	return models
}
