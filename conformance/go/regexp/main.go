// Reads {"pattern", "text"} as JSON lines and answers with what Go's regexp package finds: {"ok", "groups"}. "ok" is false for a
// pattern that does not compile; "groups" is null where nothing matches.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
)

type question struct {
	Pattern string `json:"pattern"`
	Text    string `json:"text"`
}

type answer struct {
	OK     bool     `json:"ok"`
	Groups []string `json:"groups"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		pattern, err := regexp.Compile(q.Pattern)
		if err != nil {
			encoder.Encode(answer{})
			continue
		}
		encoder.Encode(answer{OK: true, Groups: pattern.FindStringSubmatch(q.Text)})
	}
}
