package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
)

// A rule says how commands run in the containers that it matches. The first that matches counts; without one, or with a rule
// that says nothing, a command runs as it is.
type rule struct {
	// Patterns as path.Match has them; empty matches all.
	Namespace string `json:"namespace"`
	Pod       string `json:"pod"`
	Container string `json:"container"`
	// Joins PATH and HOSTNAME, and wins over them.
	Env map[string]string `json:"env"`
	// Where the command runs; the folder of the server when empty.
	Dir string `json:"dir"`
	// Stands before the command: a program that gets it as its arguments.
	Through []string `json:"through"`
	// The error of the container runtime; nothing runs.
	Refuse string `json:"refuse"`
}

func ruleFor(file, namespace, pod, container string) (rule, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = []byte("[]"), nil
	}
	var rules []rule
	if err == nil {
		err = json.Unmarshal(text, &rules)
	}
	if err != nil {
		return rule{}, err
	}
	for _, r := range rules {
		if matches(r.Namespace, namespace) && matches(r.Pod, pod) && matches(r.Container, container) {
			return r, nil
		}
	}
	return rule{}, nil
}

func matches(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return pattern == "" || (err == nil && matched)
}
