module github.com/coredns/caddy

go 1.26.0

require github.com/caddyserver/caddy v1.0.5
