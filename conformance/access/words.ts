/** The words that random sets and requests are made of: few, with case traps, wildcards that are none, and hostile names. */

export const NAMESPACES = ["dev", "prod", "tools"] as const;

/** As the server creates them. */
export const ACCOUNTS = ["builder", "default"] as const;

export const HOSTILE_NAMES = [
  'qu"ote',
  "back\\slash",
  "new\nline",
  "__proto__",
  "constructor",
  "한글",
  "<b>&",
  "\u{1f600}",
];

export const USERS = [
  "developer-1",
  "Developer-1",
  "operator-1",
  "*",
  "__proto__",
  'qu"ote',
  "two words",
  "new\nline",
  "system:anonymous",
  "system:serviceaccount:dev:builder",
  "system:serviceaccount:prod:default",
  "system:serviceaccount:dev:",
  "system:serviceaccount:tools",
  "developers",
];

export const GROUPS = [
  "developers",
  "Developers",
  "operators",
  "*",
  "constructor",
  "한글",
  "system:authenticated",
  "system:serviceaccounts",
  "system:serviceaccounts:dev",
  "developer-1",
];

export const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "delete",
  "*",
  "Get",
  "bind",
  "impersonate",
  "use",
];
export const ASKED_VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "delete",
  "deletecollection",
  "bind",
  "GET",
  "*",
  "",
];

export const API_GROUPS = ["", "", "apps", "apps", "*", "Apps", "*.example.test", "tools.example.test"];
export const ASKED_GROUPS = ["", "", "apps", "*", "tools.example.test", "apps/v1"];

export const RESOURCES = [
  "pods",
  "pods",
  "pods/log",
  "pods/*",
  "*/log",
  "*/scale",
  "*/*",
  "*",
  "Pods",
  "secrets",
  "deployments",
  "deployments/scale",
  "*/",
  "pods/",
  "nodes/proxy",
  "__proto__",
];

/** Resource and subresource. A request may also carry a slash inside of a resource. */
export const ASKED_RESOURCES: readonly (readonly [string, string])[] = [
  ["pods", ""],
  ["pods", "log"],
  ["pods", "*"],
  ["pods/log", ""],
  ["secrets", ""],
  ["deployments", ""],
  ["deployments", "scale"],
  ["replicasets", "scale"],
  ["nodes", "proxy"],
  ["*", ""],
  ["*", "*"],
  ["*", "scale"],
  ["PODS", ""],
  ["", ""],
  ["constructor", "__proto__"],
];

export const NAMES = ["one", "two", "*", "one*", "__proto__", 'qu"ote'];

export const URLS = [
  "/healthz",
  "/healthz/*",
  "/metrics",
  "*",
  "/a**",
  "/a*b",
  "/a*b*",
  "/",
  "/*",
  "healthz",
  "/API",
  "/logs/__proto__",
];

export const PATHS = [
  "/healthz",
  "/healthz/",
  "/healthz/ping",
  "/healthzz",
  "/metrics",
  "/metrics/",
  "/",
  "/a",
  "/ab",
  "/a*b",
  "/a*bc",
  "/axb",
  "healthz",
  "/api",
  "/API",
  "",
  "*",
];
