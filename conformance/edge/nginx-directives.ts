const PREFIX = "nginx.ingress.kubernetes.io/";

/**
 * The directives that ingress-nginx makes of the annotations of an Ingress, or of keys of its ConfigMap, for one location.
 *
 * Source: ingress-nginx 1.15, rootfs/etc/nginx/template/nginx.tmpl (client_max_body_size, proxy_buffer_size with proxy_buffers of
 * the same size, proxy_*_timeout, proxy_ssl_*, the snippet) and its defaults (internal/ingress/controller/config).
 */
export function nginxDirectives(settings: Readonly<Record<string, string>>, upstream: string): string[] {
  const get = (key: string, unset: string) => settings[`${PREFIX}${key}`] ?? settings[key] ?? unset;
  const buffer = get("proxy-buffer-size", "4k");
  const isTls = get("backend-protocol", "HTTP") === "HTTPS";
  return [
    `client_max_body_size ${get("proxy-body-size", "1m")};`,
    `proxy_buffer_size ${buffer};`,
    `proxy_buffers 4 ${buffer};`,
    `proxy_connect_timeout ${get("proxy-connect-timeout", "5")}s;`,
    `proxy_read_timeout ${get("proxy-read-timeout", "60")}s;`,
    `proxy_send_timeout ${get("proxy-send-timeout", "60")}s;`,
    ...(get("proxy-ssl-verify", "off") === "on"
      ? [
          "proxy_ssl_trusted_certificate DIR/ca.crt;",
          "proxy_ssl_verify on;",
          `proxy_ssl_name ${get("proxy-ssl-name", "")};`,
          `proxy_ssl_server_name ${get("proxy-ssl-server-name", "off")};`,
        ]
      : []),
    ...get("configuration-snippet", "")
      .split("\n")
      .filter((line) => line !== ""),
    `proxy_pass ${isTls ? "https" : "http"}://${upstream};`,
  ];
}

/** The server's directives for reading requests, which the ConfigMap alone sets. */
export function requestBuffers(data: Readonly<Record<string, string>>): string[] {
  return [
    `client_header_buffer_size ${data["client-header-buffer-size"] ?? "1k"};`,
    `large_client_header_buffers ${data["large-client-header-buffers"] ?? "4 8k"};`,
  ];
}
