// The Corefile parser that CoreDNS uses (github.com/coredns/caddy, package caddyfile), for comparisons.
//
// Reads one JSON case a line, writes one JSON answer a line: the words of the text, and the server blocks or the error.
// With `bench` as the first argument it times the parser on the files named after it: `bench RUNS FILE…`.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/coredns/caddy/caddyfile"
)

type parseCase struct {
	Text       string            `json:"text"`
	Files      map[string]string `json:"files"` // by path below the folder of the Corefile
	Env        map[string]string `json:"env"`
	Directives []string          `json:"directives"` // null: any
	Hangs      bool              `json:"hangs"`      // expected to run without end: it gets less time
}

type token struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

type block struct {
	Keys    []string           `json:"keys"`
	Plugins map[string][]token `json:"plugins"`
}

type answer struct {
	Words  []token `json:"words"`
	Blocks []block `json:"blocks"`
	Error  string  `json:"error"`
	Hangs  bool    `json:"hangs"`
}

// How long the parser may take for one case; it needs microseconds, and seconds for 100,000 files.
const (
	patience      = 60 * time.Second
	shortPatience = 2 * time.Second
)

func main() {
	log.SetOutput(io.Discard)
	if len(os.Args) > 1 && os.Args[1] == "bench" {
		bench(os.Args[2:])
		return
	}
	defer removeFolder()
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var c parseCase
			must(json.Unmarshal(line, &c))
			must(out.Encode(parseOne(c)))
		}
		if err != nil {
			return
		}
	}
}

func parseOne(c parseCase) answer {
	folder := folderWith(c.Files)
	for name, value := range c.Env {
		os.Setenv(name, value)
		defer os.Unsetenv(name)
	}
	name := filepath.Join(folder, "Corefile")
	local := func(s string) string { return strings.ReplaceAll(s, folder, "") }

	result := answer{Words: []token{}, Blocks: []block{}}
	words := caddyfile.NewDispenser("", strings.NewReader(c.Text))
	for words.Next() {
		result.Words = append(result.Words, token{Line: words.Line(), Text: words.Val()})
	}

	done := make(chan answer, 1)
	go func() {
		parsed := answer{Words: result.Words, Blocks: []block{}}
		blocks, err := caddyfile.Parse(name, strings.NewReader(c.Text), c.Directives)
		if err != nil {
			parsed.Error = local(err.Error())
		}
		for _, b := range blocks {
			plugins := map[string][]token{}
			for plugin, tokens := range b.Tokens {
				for _, t := range tokens {
					plugins[plugin] = append(plugins[plugin], token{File: local(t.File), Line: t.Line, Text: t.Text})
				}
			}
			parsed.Blocks = append(parsed.Blocks, block{Keys: b.Keys, Plugins: plugins})
		}
		done <- parsed
	}()
	wait := patience
	if c.Hangs {
		wait = shortPatience
	}
	select {
	case parsed := <-done:
		return parsed
	case <-time.After(wait):
		result.Hangs = true
		return result
	}
}

var (
	lastFolder string
	lastFiles  map[string]string
)

// folderWith is a folder that holds the files and nothing else; equal files in a row get the same one.
func folderWith(files map[string]string) string {
	if lastFolder != "" && maps.Equal(files, lastFiles) {
		return lastFolder
	}
	removeFolder()
	folder, err := os.MkdirTemp("", "corefile")
	must(err)
	for name, text := range files {
		path := filepath.Join(folder, name)
		must(os.MkdirAll(filepath.Dir(path), 0o755))
		must(os.WriteFile(path, []byte(text), 0o644))
	}
	lastFolder, lastFiles = folder, files
	return folder
}

func removeFolder() {
	if lastFolder != "" {
		os.RemoveAll(lastFolder)
	}
}

type duration struct {
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"` // of all threads, those of the garbage collector among them
}

// bench prints, for each file, the seconds of each of `runs` parses as a JSON list.
func bench(args []string) {
	runs, err := strconv.Atoi(args[0])
	must(err)
	for _, file := range args[1:] {
		data, err := os.ReadFile(file)
		must(err)
		text := string(data)
		seconds := []duration{}
		for range runs {
			start, used := time.Now(), cpuSeconds()
			_, err := caddyfile.Parse("Corefile", strings.NewReader(text), nil)
			seconds = append(seconds, duration{Wall: time.Since(start).Seconds(), CPU: cpuSeconds() - used})
			must(err)
		}
		must(json.NewEncoder(os.Stdout).Encode(seconds))
	}
}

// cpuSeconds is the processor time that this process has used so far.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
