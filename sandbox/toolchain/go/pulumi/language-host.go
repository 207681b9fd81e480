// pulumi-language-nodejs, of which Pulumi publishes no module for this version: the engine calls it, and it starts Node
// with the runners of the program's own @pulumi/pulumi. It can only run programs and plugins, which is all that the tests need.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// shownExitCode is how the runner ends if it has shown the user what is wrong.
const shownExitCode = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(400 << 20)) // as much as the engine sends
	pulumirpc.RegisterLanguageRuntimeServer(server, host{engine: os.Args[len(os.Args)-1]})
	go endWithParent(os.Getppid())
	fmt.Println(listener.Addr().(*net.TCPAddr).Port) // which the engine reads
	log.Fatal(server.Serve(listener))
}

// endWithParent ends this process soon after the engine has ended.
func endWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	os.Exit(0)
}

func (host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// GetRequiredPackages has nothing to install: the provider is on the PATH.
func (host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	runner, err := runnerOf("run", request.GetInfo().GetProgramDirectory())
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	command := exec.CommandContext(ctx, "node", append([]string{runner}, h.arguments(request)...)...)
	command.Env = append(os.Environ(),
		"PULUMI_CONFIG="+inJSON(namespaced(request.GetConfig())),
		"PULUMI_CONFIG_SECRET_KEYS="+inJSON(append([]string{}, request.GetConfigSecretKeys()...)))
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	err = command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == shownExitCode:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: "the program ended with " + err.Error()}, nil
	}
}

// RunPlugin starts a provider that is a Node program; the engine reads its port from the first line of its output.
func (host) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	folder := request.GetInfo().GetProgramDirectory()
	runner, err := runnerOf("run-plugin", folder)
	if err != nil {
		return err
	}
	command := exec.CommandContext(stream.Context(), "node", append([]string{runner, folder}, request.GetArgs()...)...)
	command.Dir = request.GetPwd()
	command.Env = append(os.Environ(), request.GetEnv()...)
	var lock sync.Mutex // a stream takes one message at a time
	send := func(response *pulumirpc.RunPluginResponse) error {
		lock.Lock()
		defer lock.Unlock()
		return stream.Send(response)
	}
	command.Stdout = writer(func(text []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}})
	})
	command.Stderr = writer(func(text []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: text}})
	})
	err = command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	code := int32(command.ProcessState.ExitCode())
	return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: code}})
}

type writer func([]byte) error

func (write writer) Write(text []byte) (int, error) {
	return len(text), write(text)
}

// runnerOf is the path of a runner that the program in a folder has installed.
func runnerOf(name, folder string) (string, error) {
	find := exec.Command("node", "-p", `require.resolve("@pulumi/pulumi/cmd/`+name+`")`)
	find.Dir = folder
	path, err := find.Output()
	if err != nil {
		return "", fmt.Errorf("%s has no @pulumi/pulumi: %w", folder, err)
	}
	return strings.TrimSpace(string(path)), nil
}

func (h host) arguments(request *pulumirpc.RunRequest) []string {
	arguments := []string{
		"--monitor", request.GetMonitorAddress(),
		"--engine", h.engine,
		"--organization", request.GetOrganization(),
		"--project", request.GetProject(),
		"--stack", request.GetStack(),
		"--pwd", request.GetPwd(),
		"--root-directory", request.GetInfo().GetRootDirectory(),
		"--parallel", fmt.Sprint(request.GetParallel()),
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	return append(append(arguments, request.GetInfo().GetEntryPoint()), request.GetArgs()...)
}

// namespaced has the keys as the runner reads them, e.g. `hopcost:config:sizes` for `hopcost:sizes`.
func namespaced(config map[string]string) map[string]string {
	keys := make(map[string]string, len(config))
	for key, value := range config {
		keys[strings.Replace(key, ":", ":config:", 1)] = value
	}
	return keys
}

func inJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err) // texts always have JSON
	}
	return string(text)
}
