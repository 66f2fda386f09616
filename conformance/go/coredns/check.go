package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/coredns/caddy"
	"github.com/coredns/caddy/caddyfile"
	"github.com/coredns/coredns/core/dnsserver"
)

// checkCase is one Corefile, with the files and the environment that it is read in.
type checkCase struct {
	Text  string            `json:"text"`
	Files map[string]string `json:"files"` // by path below the folder of the Corefile
	Env   map[string]string `json:"env"`
}

type checkVerdict struct {
	OK      bool     `json:"ok"`
	Servers []string `json:"servers"` // dns://:53, sorted
	Zones   []string `json:"zones"`   // dns://example.test.:53, in the order of the blocks and keys
	Error   string   `json:"error"`   // CoreDNS's own words; the folder of the Corefile is left out
}

var errStop = errors.New("everything before the sockets went well")

// check runs lexing, parsing, keys, the setup function of every plugin and the overlap checks, and stops before OnStartup and
// Listen. It does so in name spaces of its own: no network (forward resolves host names in its setup) and a service account's
// token where the kubernetes plugin reads it.
func check(args []string) {
	if len(args) == 0 {
		os.Exit(isolate())
	}
	prepareIsolated()
	log.SetOutput(io.Discard)
	caddy.Quiet = true
	dnsserver.Quiet = true

	var made checkVerdict
	var text string
	last := dnsserver.Directives[len(dnsserver.Directives)-1]
	caddy.RegisterParsingCallback("dns", last, func(ctx caddy.Context) error {
		servers, err := ctx.MakeServers()
		if err != nil {
			return err
		}
		for _, server := range servers {
			if s, ok := server.(interface{ Address() string }); ok {
				made.Servers = append(made.Servers, s.Address())
			}
		}
		// The context keeps the zones to itself, but reads keys for whoever asks.
		blocks, err := caddyfile.Parse("Corefile", strings.NewReader(text), nil)
		if err != nil {
			return err
		}
		blocks, err = ctx.InspectServerBlocks("Corefile", blocks)
		if err != nil {
			return err
		}
		for _, block := range blocks {
			made.Zones = append(made.Zones, block.Keys...)
		}
		return errStop
	})

	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var c checkCase
			if err := json.Unmarshal(line, &c); err != nil {
				fmt.Fprintln(os.Stderr, "a case is not JSON:", err)
				os.Exit(2)
			}
			made, text = checkVerdict{OK: true, Servers: []string{}, Zones: []string{}}, c.Text
			if err := out.Encode(checkOne(c, &made)); err != nil {
				os.Exit(2)
			}
		}
		if err != nil {
			return
		}
	}
}

func checkOne(c checkCase, made *checkVerdict) (verdict checkVerdict) {
	folder, err := os.MkdirTemp("", "corefile")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	defer func() {
		if p := recover(); p != nil {
			verdict = checkVerdict{Servers: []string{}, Zones: []string{}, Error: fmt.Sprintf("panic: %v", p)}
		}
	}()
	for name, text := range c.Files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	if err := os.Chdir(folder); err != nil {
		panic(err)
	}
	for name, value := range c.Env {
		os.Setenv(name, value)
		defer os.Unsetenv(name)
	}
	_, err = caddy.Start(caddy.CaddyfileInput{Filepath: "Corefile", Contents: []byte(c.Text), ServerTypeName: "dns"})
	if errors.Is(err, errStop) {
		slices.Sort(made.Servers)
		return *made
	}
	return checkVerdict{Servers: []string{}, Zones: []string{}, Error: strings.ReplaceAll(fmt.Sprint(err), folder+"/", "")}
}
