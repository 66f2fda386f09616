// Kubernetes' migration of Corefiles (github.com/coredns/corefile-migration), for comparisons.
//
// Reads one JSON case a line, writes one JSON answer a line. A case without a text asks for the versions that it knows.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/coredns/corefile-migration/migration"
)

type migrationCase struct {
	Text         string `json:"text"`
	From         string `json:"from"`
	To           string `json:"to"`
	Deprecations bool   `json:"deprecations"` // rewrite what is only deprecated, too
}

type answer struct {
	Text     string   `json:"text"`
	Error    string   `json:"error"`
	Panic    bool     `json:"panic"`
	Versions []string `json:"versions,omitempty"`
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewDecoder(os.Stdin)
	write := json.NewEncoder(out)
	write.SetEscapeHTML(false)
	for {
		var one migrationCase
		if err := lines.Decode(&one); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := write.Encode(migrate(one)); err != nil {
			os.Exit(1)
		}
	}
}

func migrate(one migrationCase) (result answer) {
	if one.Text == "" {
		return answer{Versions: migration.ValidVersions()}
	}
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprint(problem), Panic: true}
		}
	}()
	text, err := migration.Migrate(one.From, one.To, one.Text, one.Deprecations)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Text: text}
}
