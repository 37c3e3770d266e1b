// netpol: enforces networking.k8s.io/v1 NetworkPolicy for the pods of a one-node bridge cluster with nftables.
// It watches pods, namespaces and policies and swaps one whole table ("inet alt-las-netpol") at every change.
// Needs net.bridge.bridge-nf-call-iptables=1, so that pod-to-pod frames on the bridge meet the forward hook.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"sort"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	netlisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const table = "alt-las-netpol"

func main() {
	kubeconfig := flag.String("kubeconfig", os.Getenv("KUBECONFIG"), "kubeconfig")
	flag.Parse()
	cfg, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	f := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(cfg), 0)
	dirty := make(chan struct{}, 1)
	mark := func() {
		select {
		case dirty <- struct{}{}:
		default:
		}
	}
	h := cache.ResourceEventHandlerFuncs{AddFunc: func(any) { mark() }, UpdateFunc: func(_, _ any) { mark() }, DeleteFunc: func(any) { mark() }}
	pods, nss, pols := f.Core().V1().Pods(), f.Core().V1().Namespaces(), f.Networking().V1().NetworkPolicies()
	for _, i := range []cache.SharedIndexInformer{pods.Informer(), nss.Informer(), pols.Informer()} {
		i.AddEventHandler(h) //nolint:errcheck
	}
	f.Start(ctx.Done())
	f.WaitForCacheSync(ctx.Done())
	last := ""
	for {
		select {
		case <-ctx.Done():
			exec.Command("nft", "delete", "table", "inet", table).Run() //nolint:errcheck
			return
		case <-dirty:
			time.Sleep(50 * time.Millisecond)
			t := render(pods.Lister(), nss.Lister(), pols.Lister())
			if t == last {
				continue
			}
			c := exec.Command("nft", "-f", "-")
			c.Stdin = strings.NewReader(t)
			if out, err := c.CombinedOutput(); err != nil {
				log.Printf("nft: %v\n%s\n%s", err, out, t)
				time.Sleep(time.Second)
				mark()
				continue
			}
			last = t
			log.Printf("applied %d lines", strings.Count(t, "\n"))
		}
	}
}

func sel(s *metav1.LabelSelector, ls map[string]string) bool {
	m, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && m.Matches(labels.Set(ls))
}

func render(pl corelisters.PodLister, nl corelisters.NamespaceLister, npl netlisters.NetworkPolicyLister) string {
	all, _ := pl.List(labels.Everything())
	pods := all[:0:0]
	for _, p := range all {
		if p.Status.PodIP != "" && !p.Spec.HostNetwork && p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed {
			pods = append(pods, p)
		}
	}
	sort.Slice(pods, func(i, j int) bool { return pods[i].Namespace+"/"+pods[i].Name < pods[j].Namespace+"/"+pods[j].Name })
	nsl := map[string]map[string]string{}
	nss, _ := nl.List(labels.Everything())
	for _, n := range nss {
		nsl[n.Name] = n.Labels
	}
	pols, _ := npl.List(labels.Everything())
	sort.Slice(pols, func(i, j int) bool { return pols[i].Namespace+"/"+pols[i].Name < pols[j].Namespace+"/"+pols[j].Name })

	var jumps, toHost, chains bytes.Buffer
	for _, p := range pods {
		for _, dir := range []netv1.PolicyType{netv1.PolicyTypeIngress, netv1.PolicyTypeEgress} {
			isolated, rules := false, ""
			for _, np := range pols {
				if np.Namespace != p.Namespace || !applies(np, dir) || !sel(&np.Spec.PodSelector, p.Labels) {
					continue
				}
				isolated = true
				if dir == netv1.PolicyTypeIngress {
					for _, r := range np.Spec.Ingress {
						rules += ruleText("saddr", r.From, r.Ports, np.Namespace, pods, nsl, []*corev1.Pod{p})
					}
				} else {
					for _, r := range np.Spec.Egress {
						rules += ruleText("daddr", r.To, r.Ports, np.Namespace, pods, nsl, nil)
					}
				}
			}
			if !isolated {
				continue
			}
			me := map[netv1.PolicyType]string{netv1.PolicyTypeIngress: "daddr", netv1.PolicyTypeEgress: "saddr"}[dir]
			name := strings.ToLower(string(dir))[:2] + "_" + strings.ReplaceAll(p.Status.PodIP, ".", "_")
			fmt.Fprintf(&jumps, "    ip %s %s jump %s\n", me, p.Status.PodIP, name)
			// What a pod sends to the node itself, the API server too, is not forwarded: it meets the input hook.
			if dir == netv1.PolicyTypeEgress {
				fmt.Fprintf(&toHost, "    ip saddr %s jump %s\n", p.Status.PodIP, name)
			}
			fmt.Fprintf(&chains, "  chain %s { # %s/%s\n%s    counter drop\n  }\n", name, p.Namespace, p.Name, rules)
		}
	}
	return fmt.Sprintf("table inet %[1]s {}\ndelete table inet %[1]s\ntable inet %[1]s {\n%[2]s  chain forward {\n    type filter hook forward priority 10; policy accept;\n    ct state established,related accept\n%[3]s  }\n  chain input {\n    type filter hook input priority 10; policy accept;\n    ct state established,related accept\n%[4]s  }\n}\n", table, chains.String(), jumps.String(), toHost.String())
}

func applies(np *netv1.NetworkPolicy, d netv1.PolicyType) bool {
	for _, t := range np.Spec.PolicyTypes {
		if t == d {
			return true
		}
	}
	return false
}

// ruleText: one "return" per peer and port. named is the pod whose named ports count (ingress); for egress each peer pod's own.
func ruleText(side string, peers []netv1.NetworkPolicyPeer, ports []netv1.NetworkPolicyPort, ns string, pods []*corev1.Pod, nsl map[string]map[string]string, named []*corev1.Pod) string {
	var b strings.Builder
	emit := func(addr string, dst []*corev1.Pod) {
		if len(ports) == 0 {
			fmt.Fprintf(&b, "    %s return\n", addr)
		}
		for _, pt := range ports {
			proto := "tcp"
			if pt.Protocol != nil {
				proto = strings.ToLower(string(*pt.Protocol))
			}
			switch {
			case pt.Port == nil:
				fmt.Fprintf(&b, "    %s meta l4proto %s return\n", addr, proto)
			case pt.Port.Type == intstr.Int && pt.EndPort != nil:
				fmt.Fprintf(&b, "    %s %s dport %d-%d return\n", addr, proto, pt.Port.IntVal, *pt.EndPort)
			case pt.Port.Type == intstr.Int:
				fmt.Fprintf(&b, "    %s %s dport %d return\n", addr, proto, pt.Port.IntVal)
			default:
				for _, d := range dst {
					for _, c := range d.Spec.Containers {
						for _, cp := range c.Ports {
							if cp.Name == pt.Port.StrVal && strings.EqualFold(string(cp.Protocol), proto) {
								fmt.Fprintf(&b, "    %s ip daddr %s %s dport %d return\n", addr, d.Status.PodIP, proto, cp.ContainerPort)
							}
						}
					}
				}
			}
		}
	}
	if len(peers) == 0 {
		if named == nil {
			named = pods
		}
		emit("", named)
	}
	for _, p := range peers {
		if p.IPBlock != nil {
			if strings.Contains(p.IPBlock.CIDR, ":") {
				continue
			}
			a := "ip " + side + " " + p.IPBlock.CIDR
			if len(p.IPBlock.Except) > 0 {
				a += " ip " + side + " != { " + strings.Join(p.IPBlock.Except, ", ") + " }"
			}
			emit(a, named)
			continue
		}
		var ips []string
		var match []*corev1.Pod
		for _, q := range pods {
			if p.NamespaceSelector == nil && q.Namespace != ns || p.NamespaceSelector != nil && !sel(p.NamespaceSelector, nsl[q.Namespace]) ||
				p.PodSelector != nil && !sel(p.PodSelector, q.Labels) {
				continue
			}
			ips, match = append(ips, q.Status.PodIP), append(match, q)
		}
		if len(ips) > 0 {
			d := named
			if d == nil {
				d = match
			}
			emit("ip "+side+" { "+strings.Join(ips, ", ")+" }", d)
		}
	}
	return b.String()
}
