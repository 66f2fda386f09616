/** A setting of ingress-nginx, and why one sets it. */
export interface ControllerSetting {
  /** Field of the intent. */
  readonly field: string;
  /** Key of the controller's ConfigMap. */
  readonly key: string;
  /** Annotation of a single Ingress, where there is one. */
  readonly annotation?: string;
  /** What the controller does when it is not set. */
  readonly unset: string;
  readonly why: string;
}

/** Source: ingress-nginx 1.15 docs/user-guide/nginx-configuration/configmap.md and annotations.md. */
export const CONTROLLER_SETTINGS = [
  {
    field: "proxyBufferSize",
    key: "proxy-buffer-size",
    annotation: "nginx.ingress.kubernetes.io/proxy-buffer-size",
    unset: "4k",
    why: "Answers of an OIDC login carry cookies and tokens in their headers; with 4k nginx gives 502 instead of the login.",
  },
  {
    field: "proxyBodySize",
    key: "proxy-body-size",
    annotation: "nginx.ingress.kubernetes.io/proxy-body-size",
    unset: "1m",
    why: "A layer of an image is pushed as one body; above the limit nginx gives 413.",
  },
  {
    field: "proxyReadTimeout",
    key: "proxy-read-timeout",
    annotation: "nginx.ingress.kubernetes.io/proxy-read-timeout",
    unset: "60",
    why: "Logs that are followed and shells are silent for long; nginx ends what says nothing for so many seconds.",
  },
  {
    field: "proxySendTimeout",
    key: "proxy-send-timeout",
    annotation: "nginx.ingress.kubernetes.io/proxy-send-timeout",
    unset: "60",
    why: "Uploads over slow lines pause; nginx ends what sends nothing for so many seconds.",
  },
  {
    field: "largeClientHeaderBuffers",
    key: "large-client-header-buffers",
    unset: "4 8k",
    why: "Session cookies of several proxies come back in one header; above the size nginx gives 400.",
  },
  {
    field: "clientHeaderBufferSize",
    key: "client-header-buffer-size",
    unset: "1k",
    why: "Room for the first part of a request's headers, before the large buffers are used.",
  },
  {
    field: "allowSnippets",
    key: "allow-snippet-annotations",
    unset: "false",
    why: "Whoever may write an Ingress may then write configuration of nginx, and read its Secrets (CVE-2021-25742).",
  },
] as const satisfies readonly ControllerSetting[];
