// Command keyring answers as kubelet does: what an image's name is taken for, and which credentials of a pod's pull secrets are
// for it. One JSON question per line of standard input, one JSON answer per line of standard output.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/distribution/reference"
	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
	"k8s.io/kubernetes/pkg/util/parsers"
)

type question struct {
	// References are parsed alone.
	References []string `json:"references"`
	// Secrets and Images: the credentials of the secrets that are tried for each image, as written in a manifest.
	Secrets []secret `json:"secrets"`
	Images  []string `json:"images"`
}

type secret struct {
	Name string            `json:"name"`
	Type string            `json:"type"`
	Data map[string][]byte `json:"data"`
}

type answer struct {
	References []named `json:"references,omitempty"`
	// Failed: the secrets cannot be read, so kubelet pulls nothing with them.
	Failed  bool     `json:"failed"`
	Lookups []lookup `json:"lookups,omitempty"`
}

type named struct {
	Error  string `json:"error,omitempty"`
	Domain string `json:"domain,omitempty"`
	Path   string `json:"path,omitempty"`
	Tag    string `json:"tag,omitempty"`
	Digest string `json:"digest,omitempty"`
}

type lookup struct {
	Error       string       `json:"error,omitempty"`
	Credentials []credential `json:"credentials"`
}

// credential has its texts in base64: they need not be UTF-8.
type credential struct {
	Secret   string `json:"secret"`
	Username []byte `json:"username"`
	Password []byte `json:"password"`
}

func main() {
	klog.SetSlogLogger(slog.New(slog.DiscardHandler))
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriter(out)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			var asked question
			if err := json.Unmarshal(line, &asked); err != nil {
				return err
			}
			if err := json.NewEncoder(writer).Encode(answered(asked)); err != nil {
				return err
			}
			if err := writer.Flush(); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func answered(asked question) answer {
	given := answer{}
	for _, text := range asked.References {
		given.References = append(given.References, parsed(text))
	}
	var pullSecrets []v1.Secret
	for _, s := range asked.Secrets {
		one := v1.Secret{Type: v1.SecretType(s.Type), Data: s.Data}
		one.Name = s.Name
		pullSecrets = append(pullSecrets, one)
	}
	// kubelet joins these with the credentials of the node, of which this one has none.
	keyring, err := secrets.MakeDockerKeyring(pullSecrets, credentialprovider.UnionDockerKeyring{})
	if err != nil {
		given.Failed = true
		return given
	}
	for _, image := range asked.Images {
		given.Lookups = append(given.Lookups, lookedUp(keyring, image))
	}
	return given
}

func parsed(text string) named {
	ref, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return named{Error: err.Error()}
	}
	found := named{Domain: reference.Domain(ref), Path: reference.Path(ref)}
	if tagged, ok := ref.(reference.Tagged); ok {
		found.Tag = tagged.Tag()
	}
	if digested, ok := ref.(reference.Digested); ok {
		found.Digest = digested.Digest().String()
	}
	return found
}

func lookedUp(keyring credentialprovider.DockerKeyring, image string) lookup {
	repository, _, _, err := parsers.ParseImageName(image)
	if err != nil {
		return lookup{Error: err.Error()}
	}
	found, _ := keyring.Lookup(repository)
	answers := lookup{Credentials: []credential{}}
	for _, one := range found {
		answer := credential{Username: []byte(one.Username), Password: []byte(one.Password)}
		if one.Source != nil && one.Source.Secret != nil {
			answer.Secret = one.Source.Secret.Name
		}
		answers.Credentials = append(answers.Credentials, answer)
	}
	return answers
}
