// Package caddy gives CoreDNS 1.7.0's caddy the name that it has since CoreDNS 1.8.0.
package caddy

import "github.com/caddyserver/caddy"

type (
	Context        = caddy.Context
	CaddyfileInput = caddy.CaddyfileInput
	Input          = caddy.Input
	Instance       = caddy.Instance
)

// Quiet is for a Start that gets as far as its listeners, which check's never does.
var Quiet bool

func RegisterParsingCallback(serverType, afterDir string, callback func(Context) error) {
	caddy.RegisterParsingCallback(serverType, afterDir, callback)
}

func Start(input Input) (*Instance, error) {
	return caddy.Start(input)
}
