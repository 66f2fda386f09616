// The real CoreDNS, and a check of Corefiles by its own start path without a socket.
//
// Called as usual it is CoreDNS unchanged (coremain.Run). Called with `check` as the first argument it reads one JSON case a
// line and writes one JSON verdict a line; see check.go.
package main

import (
	"os"

	_ "github.com/coredns/coredns/core/plugin" // the stock plugins
	"github.com/coredns/coredns/coremain"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "check" {
		check(os.Args[2:])
		return
	}
	coremain.Run()
}
