// The NetworkPolicy controller of a node: kube-router's, as k3s embeds it, without kube-router's other controllers.
//
// It programs iptables and ipset in the network namespace it runs in. 127.0.0.1:20244/healthz is ok once it does.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/cloudnativelabs/kube-router/v2/pkg/utils"
	"github.com/coreos/go-iptables/iptables"
	core "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig file with one context")
	node := flag.String("node", "", "name of the node it runs on")
	ranges := flag.String("service-cluster-ip-range", "", "address ranges of Services, separated by a comma")
	flag.Parse()

	client := clientOf(*kubeconfig)
	awaitNode(client, *node)
	config := configOf(*node, strings.Split(*ranges, ","))

	stop := make(chan struct{})
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	factory.Start(stop)
	factory.WaitForCacheSync(stop)

	rules, sets := handlers(config)
	if table := rules[core.IPv6Protocol]; table != nil {
		allowNeighbours(table)
	}
	controller, err := netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, &sync.Mutex{}, rules, sets)
	check(err)
	_, err = pods.AddEventHandler(controller.PodEventHandler)
	check(err)
	_, err = namespaces.AddEventHandler(controller.NamespaceEventHandler)
	check(err)
	_, err = policies.AddEventHandler(controller.NetworkPolicyEventHandler)
	check(err)

	beats := make(chan *healthcheck.ControllerHeartbeat, 10)
	go serveHealth(beats)
	var running sync.WaitGroup
	running.Add(1)
	controller.Run(beats, stop, &running)
}

func clientOf(kubeconfig string) kubernetes.Interface {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	check(err)
	client, err := kubernetes.NewForConfig(config)
	check(err)
	return client
}

// The controller reads its node once, when it is made, and the kubelet may not have registered it yet.
func awaitNode(client kubernetes.Interface, name string) {
	for {
		if _, err := utils.GetNodeObject(client, name); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func configOf(node string, ranges []string) *options.KubeRouterConfig {
	config := options.NewKubeRouterConfig()
	config.HostnameOverride = node
	config.ClusterIPCIDRs = ranges
	for _, text := range ranges {
		address, _, err := net.ParseCIDR(text)
		check(err)
		if address.To4() == nil {
			config.EnableIPv6 = true
		} else {
			config.EnableIPv4 = true
		}
	}
	return config
}

func handlers(config *options.KubeRouterConfig) (map[core.IPFamily]utils.IPTablesHandler, map[core.IPFamily]utils.IPSetHandler) {
	rules := map[core.IPFamily]utils.IPTablesHandler{}
	sets := map[core.IPFamily]utils.IPSetHandler{}
	add := func(family core.IPFamily, protocol iptables.Protocol) {
		table, err := iptables.NewWithProtocol(protocol)
		check(err)
		unprefixed, err := utils.NewIPSet(false)
		check(err)
		rules[family], sets[family] = table, familySets{unprefixed, protocol == iptables.ProtocolIPv6}
	}
	if config.EnableIPv4 {
		add(core.IPv4Protocol, iptables.ProtocolIPv4)
	}
	if config.EnableIPv6 {
		add(core.IPv6Protocol, iptables.ProtocolIPv6)
	}
	return rules, sets
}

const ofIPv6 = "family " + utils.FamillyInet6

// The sets of one IP family, whose names hold a hash of the family. kube-router 2.1 has two faults that end each sync of a
// cluster with IPv6, so that its policies are never in force: sets get the prefix "inet6:" that no rule asks for, and as
// `ipset save` prints the sets of both families, each family restores and deletes those of the other as well.
type familySets struct {
	*utils.IPSet
	isIPv6 bool
}

func (sets familySets) RefreshSet(name string, entries [][]string, kind string) {
	if sets.isIPv6 {
		kind += " " + ofIPv6
	}
	sets.IPSet.RefreshSet(name, entries, kind)
}

func (sets familySets) Save() error {
	if err := sets.IPSet.Save(); err != nil {
		return err
	}
	all := sets.Sets()
	for name, set := range all {
		if strings.Contains(strings.Join(set.Options, " "), ofIPv6) != sets.isIPv6 {
			delete(all, name)
		}
	}
	return nil
}

// Lets every Pod find its neighbours' addresses, which IPv6 does by ICMP and thus within reach of NetworkPolicies. kube-router
// 2.1 counts it as a Pod's traffic: with a policy that denies egress, not even the kubelet's probes reach the Pod. The chains
// are kube-router's, which puts its own rules before and after these.
func allowNeighbours(table utils.IPTablesHandler) {
	for _, chain := range []string{"KUBE-ROUTER-INPUT", "KUBE-ROUTER-FORWARD", "KUBE-ROUTER-OUTPUT"} {
		exists, err := table.ChainExists("filter", chain)
		check(err)
		if !exists {
			check(table.NewChain("filter", chain))
		}
		for _, kind := range []string{"neighbor-solicitation", "neighbor-advertisement"} {
			check(table.AppendUnique("filter", chain, "-p", "ipv6-icmp", "--icmpv6-type", kind, "-j", "ACCEPT"))
		}
	}
}

// Each sync of the rules sends a heartbeat.
func serveHealth(beats <-chan *healthcheck.ControllerHeartbeat) {
	var seen atomic.Int64
	go func() {
		for range beats {
			seen.Add(1)
		}
	}()
	http.HandleFunc("/healthz", func(response http.ResponseWriter, _ *http.Request) {
		if seen.Load() == 0 {
			response.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:20244", nil))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
