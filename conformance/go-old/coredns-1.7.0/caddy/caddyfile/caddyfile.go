// Package caddyfile gives CoreDNS 1.7.0's caddyfile the name that it has since CoreDNS 1.8.0.
package caddyfile

import (
	"io"

	"github.com/caddyserver/caddy/caddyfile"
)

type ServerBlock = caddyfile.ServerBlock

func Parse(filename string, input io.Reader, validDirectives []string) ([]ServerBlock, error) {
	return caddyfile.Parse(filename, input, validDirectives)
}
