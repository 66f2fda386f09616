// Holds sets of manifests against JSON schemas with kubeconform's own validator, all in one process.
//
// Standard input: {"schemas": "…/{{ .ResourceKind }}{{ .KindSuffix }}.json", "sets": [[{"name": …, "text": …}]]}.
// Standard output: for each set the list of what kubeconform -strict says of it.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/yannh/kubeconform/pkg/validator"
)

type file struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type question struct {
	Schemas string   `json:"schemas"`
	Sets    [][]file `json:"sets"`
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	checker, err := validator.New([]string{asked.Schemas}, validator.Opts{Strict: true})
	if err != nil {
		log.Fatal(err)
	}
	answers := make([][]string, len(asked.Sets))
	for i, set := range asked.Sets {
		answers[i] = []string{}
		for _, f := range set {
			for _, result := range checker.Validate(f.Name, io.NopCloser(strings.NewReader(f.Text))) {
				if said := complaint(result); said != "" {
					answers[i] = append(answers[i], said)
				}
			}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func complaint(result validator.Result) string {
	if result.Status != validator.Error && result.Status != validator.Invalid {
		return ""
	}
	about := "unnamed"
	if signature, err := result.Resource.Signature(); err == nil {
		about = signature.Kind + " " + signature.Name
	}
	said := fmt.Sprintf("%s: %v", about, result.Err)
	for _, problem := range result.ValidationErrors {
		said += fmt.Sprintf("; %s: %s", problem.Path, problem.Msg)
	}
	return said
}
