// Command rbac answers with Kubernetes' own RBAC authorizer, escalation check and reading of HTTP requests: one JSON
// question per line of standard input, one JSON answer per line of standard output.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"syscall"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

type question struct {
	objects
	// Store is where the objects are read from: "listers" are informers' indexes, as in the API server, whose order is that
	// of a Go map; "static" are the lists of upstream's own tests; "" are slices and maps, in the order given, which speak of
	// missing roles as the listers do.
	Store    string       `json:"store"`
	Requests []attributes `json:"requests"`
	// Seconds, when positive: ask the requests again and again for so long, and answer the count and the processor time alone.
	Seconds     float64      `json:"seconds"`
	Escalations []escalation `json:"escalations"`
	HTTP        []httpCall   `json:"http"`
}

type objects struct {
	Roles               []*rbacv1.Role               `json:"roles"`
	ClusterRoles        []*rbacv1.ClusterRole        `json:"clusterRoles"`
	RoleBindings        []*rbacv1.RoleBinding        `json:"roleBindings"`
	ClusterRoleBindings []*rbacv1.ClusterRoleBinding `json:"clusterRoleBindings"`
}

// attributes are of a resource when Path is absent.
type attributes struct {
	User        string   `json:"user,omitempty"`
	Groups      []string `json:"groups,omitempty"`
	Verb        string   `json:"verb"`
	Group       string   `json:"group,omitempty"`
	Resource    string   `json:"resource,omitempty"`
	Subresource string   `json:"subresource,omitempty"`
	Name        string   `json:"name,omitempty"`
	Namespace   string   `json:"namespace,omitempty"`
	Path        *string  `json:"path,omitempty"`
}

// escalation asks whether a user may grant rules in a namespace ("" for the cluster).
type escalation struct {
	User      string              `json:"user"`
	Groups    []string            `json:"groups"`
	Namespace string              `json:"namespace"`
	Rules     []rbacv1.PolicyRule `json:"rules"`
}

type httpCall struct {
	Method string `json:"method"`
	// Target is path and query, as on the request line.
	Target string `json:"target"`
}

type verdict struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
	Err     string `json:"err,omitempty"`
}

type reading struct {
	Attributes attributes `json:"attributes"`
	Err        string     `json:"err,omitempty"`
}

type answer struct {
	Verdicts []verdict `json:"verdicts,omitempty"`
	// Escalations are the refusals, "" where the user may.
	Escalations []string  `json:"escalations,omitempty"`
	HTTP        []reading `json:"http,omitempty"`
	Checks      int       `json:"checks,omitempty"`
	Seconds     float64   `json:"seconds,omitempty"`
}

const checksBetweenLooks = 64

func main() {
	// A request whose parameters are wrong is logged by the reader, and read all the same.
	klog.SetSlogLogger(slog.New(slog.DiscardHandler))
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		var asked question
		if err := decoder.Decode(&asked); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("the question cannot be read: %w", err)
		}
		if err := encoder.Encode(answerTo(asked)); err != nil {
			return err
		}
	}
}

func answerTo(asked question) answer {
	found := storeOf(asked.Store, asked.objects)
	authorizes := rbac.New(found, found, found, found)
	records := make([]authorizer.Attributes, len(asked.Requests))
	for i, r := range asked.Requests {
		records[i] = r.record()
	}
	if asked.Seconds > 0 {
		return measure(authorizes, records, asked.Seconds)
	}
	var answered answer
	for _, record := range records {
		decision, reason, err := authorizes.Authorize(context.Background(), record)
		v := verdict{Allowed: decision == authorizer.DecisionAllow, Reason: reason}
		if err != nil {
			v.Err = err.Error()
		}
		answered.Verdicts = append(answered.Verdicts, v)
	}
	resolver := validation.NewDefaultRuleResolver(found, found, found, found)
	for _, e := range asked.Escalations {
		answered.Escalations = append(answered.Escalations, e.refusal(resolver))
	}
	for _, call := range asked.HTTP {
		answered.HTTP = append(answered.HTTP, call.read())
	}
	return answered
}

func storeOf(name string, given objects) store {
	switch name {
	case "listers":
		return newListers(given)
	case "static":
		_, roles := validation.NewTestRuleResolver(given.Roles, given.RoleBindings, given.ClusterRoles, given.ClusterRoleBindings)
		return roles
	default:
		return newSlices(given)
	}
}

// measure counts checks for so many seconds on the clock, and tells the processor time of its thread: what else runs on
// the machine then matters little.
func measure(authorizes authorizer.Authorizer, records []authorizer.Attributes, seconds float64) answer {
	runtime.LockOSThread()
	start, startCPU := time.Now(), threadSeconds()
	for checks := 0; ; {
		for range checksBetweenLooks {
			authorizes.Authorize(context.Background(), records[checks%len(records)])
			checks++
		}
		if time.Since(start).Seconds() >= seconds {
			return answer{Checks: checks, Seconds: threadSeconds() - startCPU}
		}
	}
}

func threadSeconds() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// rusageThread is RUSAGE_THREAD of Linux, which package syscall does not name.
const rusageThread = 1

func (a attributes) record() authorizer.AttributesRecord {
	record := authorizer.AttributesRecord{
		User:            &user.DefaultInfo{Name: a.User, Groups: a.Groups},
		Verb:            a.Verb,
		APIGroup:        a.Group,
		APIVersion:      "*",
		Resource:        a.Resource,
		Subresource:     a.Subresource,
		Name:            a.Name,
		Namespace:       a.Namespace,
		ResourceRequest: a.Path == nil,
	}
	if a.Path != nil {
		record.Path = *a.Path
	}
	return record
}

func (e escalation) refusal(resolver validation.AuthorizationRuleResolver) string {
	who := &user.DefaultInfo{Name: e.User, Groups: e.Groups}
	ctx := request.WithNamespace(request.WithUser(context.Background(), who), e.Namespace)
	if err := validation.ConfirmNoEscalation(ctx, resolver, e.Rules); err != nil {
		return err.Error()
	}
	return ""
}

// factory is the API server's: /api and /apis.
var factory = request.RequestInfoFactory{
	APIPrefixes:          sets.NewString("api", "apis"),
	GrouplessAPIPrefixes: sets.NewString("api"),
}

func (c httpCall) read() reading {
	target, err := url.ParseRequestURI(c.Target)
	if err != nil {
		return reading{Err: err.Error()}
	}
	info, err := factory.NewRequestInfo(&http.Request{Method: c.Method, URL: target})
	if err != nil {
		return reading{Err: err.Error()}
	}
	if !info.IsResourceRequest {
		return reading{Attributes: attributes{Verb: info.Verb, Path: &info.Path}}
	}
	return reading{Attributes: attributes{
		Verb:        info.Verb,
		Group:       info.APIGroup,
		Resource:    info.Resource,
		Subresource: info.Subresource,
		Name:        info.Name,
		Namespace:   info.Namespace,
	}}
}
