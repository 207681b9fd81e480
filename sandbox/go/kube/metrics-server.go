package main

import (
	"maps"

	"github.com/spf13/cobra"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/util"
	"sigs.k8s.io/metrics-server/cmd/metrics-server/app/options"
	"sigs.k8s.io/metrics-server/pkg/api/generated/openapi"
)

// runMetricsServer does what metrics-server's own command does, but that it knows its models by their new names as well.
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
			config.Apiserver.OpenAPIConfig.GetDefinitions = modelsByBothNames
			config.Apiserver.OpenAPIV3Config.GetDefinitions = modelsByBothNames
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

// modelsByBothNames adds the names by which Kubernetes looks models up now, io.k8s.metrics and so on. Those that
// metrics-server 0.8.0 was generated with are names of Go packages, without which it does not start.
func modelsByBothNames(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	models := openapi.GetOpenAPIDefinitions(ref)
	for name, model := range maps.Clone(models) {
		models[util.ToRESTFriendlyName(name)] = model
	}
	return models
}
