// Asks cyclonus' matcher, in process, whether each pod of a cluster may reach each other pod on one port. Reads the
// question from standard input and writes one JSON object: what was answered and how long it took.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

type question struct {
	Namespaces []corev1.Namespace            `json:"namespaces"`
	Pods       []corev1.Pod                  `json:"pods"`
	Policies   []*networkingv1.NetworkPolicy `json:"policies"`
	Port       int                           `json:"port"`
	Protocol   corev1.Protocol               `json:"protocol"`
	// Stop after so many seconds; 0: answer every pair.
	SampleSeconds float64 `json:"sampleSeconds"`
	// The k-th pair asked is number (first+k)*stride modulo all pairs (source*pods + destination): a stride of 1 asks in
	// order, one that is coprime to the count spreads a sample over the whole matrix.
	Stride uint64 `json:"stride"`
	First  uint64 `json:"first"`
}

type answer struct {
	BuildSeconds float64 `json:"buildSeconds"`
	PairSeconds  float64 `json:"pairSeconds"`
	Pairs        uint64  `json:"pairs"`
	Allowed      uint64  `json:"allowed"`
	// Bit k (lowest first) of the bytes: whether the k-th pair asked is allowed. Base64.
	Bits string `json:"bits"`
}

const pairsBetweenLooks = 256

func main() {
	var q question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		fmt.Fprintln(os.Stderr, "the question cannot be read:", err)
		os.Exit(2)
	}
	if err := json.NewEncoder(os.Stdout).Encode(ask(q)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(q question) answer {
	start := time.Now()
	policy := matcher.BuildNetworkPolicies(true, q.Policies)
	peers, portNames := peersOf(q)
	built := time.Now()

	n := uint64(len(peers))
	bits := make([]byte, (n*n+7)/8)
	var done, allowed uint64
	for ; done < n*n; done++ {
		if q.SampleSeconds > 0 && done%pairsBetweenLooks == 0 && time.Since(built).Seconds() > q.SampleSeconds {
			break
		}
		pair := (q.First + done) * q.Stride % (n * n)
		to := pair % n
		traffic := &matcher.Traffic{
			Source:           peers[pair/n],
			Destination:      peers[to],
			ResolvedPort:     q.Port,
			ResolvedPortName: portNames[to],
			Protocol:         q.Protocol,
		}
		if policy.IsTrafficAllowed(traffic).IsAllowed() {
			bits[done/8] |= 1 << (done % 8)
			allowed++
		}
	}
	return answer{
		BuildSeconds: built.Sub(start).Seconds(),
		PairSeconds:  time.Since(built).Seconds(),
		Pairs:        done,
		Allowed:      allowed,
		Bits:         base64.StdEncoding.EncodeToString(bits[:(done+7)/8]),
	}
}

// The pods as cyclonus sees them, and the name that each gives to the port asked about.
func peersOf(q question) ([]*matcher.TrafficPeer, []string) {
	namespaceLabels := map[string]map[string]string{}
	for _, namespace := range q.Namespaces {
		namespaceLabels[namespace.Name] = namespace.Labels
	}
	peers := make([]*matcher.TrafficPeer, len(q.Pods))
	portNames := make([]string, len(q.Pods))
	for i, pod := range q.Pods {
		peers[i] = &matcher.TrafficPeer{
			IP: pod.Status.PodIP,
			Internal: &matcher.InternalPeer{
				PodLabels:       pod.Labels,
				NamespaceLabels: namespaceLabels[pod.Namespace],
				Namespace:       pod.Namespace,
			},
		}
		for _, container := range pod.Spec.Containers {
			for _, port := range container.Ports {
				if int(port.ContainerPort) == q.Port && port.Protocol == q.Protocol {
					portNames[i] = port.Name
				}
			}
		}
	}
	return peers, portNames
}
