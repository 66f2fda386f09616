// Command yaml answers, line by line, what kubectl's own readers make of a text: one JSON request per line of
// standard input, one JSON reply per line of standard output.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// request holds the text as bytes (base64 in JSON), so that text that is not UTF-8 can be asked about.
type request struct {
	// Op is "stream" (documents as kubectl splits and reads a file) or "value" (one text through sigs.k8s.io/yaml).
	Op   string `json:"op"`
	Text []byte `json:"text"`
}

type reply struct {
	// Documents are the values of the documents before the first error.
	Documents []json.RawMessage `json:"documents"`
	Error     string            `json:"error,omitempty"`
}

// peekSize is how far kubectl looks for an opening brace.
const peekSize = 4096

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriter(out)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
			return writer.Flush()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			return fmt.Errorf("request: %w", err)
		}
		if err := encoder.Encode(answer(asked)); err != nil {
			return err
		}
		if lines.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}

func answer(asked request) (answered reply) {
	answered.Documents = []json.RawMessage{}
	defer func() {
		if crash := recover(); crash != nil {
			answered.Error = fmt.Sprintf("panic: %v", crash)
		}
	}()
	switch asked.Op {
	case "value":
		raw, err := yaml.YAMLToJSON(asked.Text)
		answered.add(raw, err)
	case "stream":
		decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(asked.Text), peekSize)
		for answered.Error == "" {
			var raw json.RawMessage
			err := decoder.Decode(&raw)
			if errors.Is(err, io.EOF) {
				break
			}
			answered.add(raw, err)
		}
	default:
		answered.Error = "unknown op " + asked.Op
	}
	return answered
}

// add keeps one document, its numbers read as the API machinery reads them (int64 where it fits, else float64).
func (r *reply) add(raw []byte, err error) {
	if err != nil {
		r.Error = err.Error()
		return
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = []byte("null")
	}
	var value any
	if err := utiljson.Unmarshal(raw, &value); err != nil {
		r.Error = err.Error()
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		r.Error = err.Error()
		return
	}
	r.Documents = append(r.Documents, text)
}
