// The part of a kubelet that answers `exec`: kube-apiserver connects to it, and it runs the command as a process of this
// machine, with the streaming code that container runtimes serve exec with. kwok has such a part too, but it reports every
// exit code other than 0 as an internal error.
//
//	kubelet-exec ADDRESS CERTIFICATE KEY RULES
//
// CERTIFICATE is also what a client has to show. RULES is read again for each command (see rules.go).
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

const (
	idle          = 4 * time.Hour
	streamsWithin = 30 * time.Second
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: kubelet-exec ADDRESS CERTIFICATE KEY RULES")
	}
	address, certificate, key, rules := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	pem, err := os.ReadFile(certificate)
	if err != nil {
		log.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AppendCertsFromPEM(pem)
	mux := http.NewServeMux()
	mux.HandleFunc("/exec/{namespace}/{pod}/{container}", serveExec(rules))
	server := &http.Server{
		Addr:              address,
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		TLSConfig:         &tls.Config{ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert},
		// SPDY takes the connection over, as HTTP/1.1 allows.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	log.Fatal(server.ListenAndServeTLS(certificate, key))
}

func serveExec(rules string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		options, err := remotecommand.NewOptions(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		namespace, pod, container := r.PathValue("namespace"), r.PathValue("pod"), r.PathValue("container")
		rule, err := ruleFor(rules, namespace, pod, container)
		if err != nil {
			http.Error(w, fmt.Sprintf("rules: %v", err), http.StatusInternalServerError)
			return
		}
		remotecommand.ServeExec(w, r, rule, pod, "", container, r.URL.Query()["command"],
			options, idle, streamsWithin, remotecommand.SupportedStreamingProtocols)
	}
}
