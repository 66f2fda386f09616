import { describe, expect, test } from "vitest";
import { app, GROUND, ingress, together, yamlModel } from "../sets.test-support.ts";
import { requiresLoginClaim, servesClaim } from "./claim.ts";
import { parseServesClaim } from "./parse-claim.ts";
import { proveServes } from "./prove-serves.ts";

const PROXY = "example/oauth2-proxy:7";

function model(args: readonly string[] = [], ...more: string[]) {
  return yamlModel(
    together(
      GROUND,
      app("wiki"),
      app("kibana", 443),
      app(
        "proxy",
        3000,
        "",
        ["--upstream=http://kibana:443", "--allowed-group=operator,developer", ...args],
        PROXY,
      ),
      ingress("wiki", ["wiki.example.test / Prefix wiki 80", "lost.example.test / Prefix nobody 80"]),
      ingress("logs", ["logs.example.test / Prefix proxy 3000"]),
      ...more,
    ),
  );
}

function proof(text: string, args: readonly string[] = [], ...more: string[]): string {
  const claim = parseServesClaim(text, { by: "expect" });
  if (!claim.ok) return claim.findings.map(({ message }) => message).join();
  const [{ outcome, findings } = { outcome: "?", findings: [] }] = proveServes(model(args, ...more), [
    claim.value,
  ]);
  return [outcome, ...findings.map(({ code, severity, message }) => `${code} ${severity} ${message}`)].join(
    "\n",
  );
}

test.each([
  "http://wiki.example.test serves default/wiki:80",
  "http://wiki.example.test/any/path serves default/wiki",
  "http://logs.example.test serves default/kibana:443",
  "http://logs.example.test serves default/proxy:3000",
  "http://logs.example.test requires login",
  "http://logs.example.test requires login of group operator, developer",
  "http://logs.example.test/app requires login of groups developer, operator",
  "http://other.example.test does not resolve",
  "http://wiki.example.test does not serve default/kibana",
])("proved: %s", (text) => {
  expect(proof(text)).toBe("proved");
});

test.each([
  [
    "http://wiki.example.test serves default/kibana",
    'broken\ningress/broken-claim error claim "http://wiki.example.test serves default/kibana" of expect does not hold: expected default/kibana: default/wiki:80 answers',
  ],
  [
    "http://wiki.example.test serves default/wiki:81",
    'broken\ningress/broken-claim error claim "http://wiki.example.test serves default/wiki:81" of expect does not hold: expected default/wiki:81: default/wiki:80 answers',
  ],
  [
    "http://other.example.test serves default/wiki",
    'broken\ningress/broken-claim error claim "http://other.example.test serves default/wiki" of expect does not hold: expected default/wiki: no route is for http://other.example.test',
  ],
  [
    "http://wiki.example.test requires login",
    'broken\ningress/broken-claim error claim "http://wiki.example.test requires login" of expect does not hold: http://wiki.example.test: default/wiki:80 answers without a login',
  ],
  [
    "http://logs.example.test requires login of group operator",
    'broken\ningress/broken-claim error claim "http://logs.example.test requires login of group operator" of expect does not hold: http://logs.example.test: developer passes too',
  ],
  [
    "http://logs.example.test requires login of group operator, developer, guest",
    'broken\ningress/broken-claim error claim "http://logs.example.test requires login of group operator, developer, guest" of expect does not hold: http://logs.example.test: guest does not pass',
  ],
  [
    "http://wiki.example.test does not resolve",
    'broken\ningress/broken-claim error claim "http://wiki.example.test does not resolve" of expect does not hold: http://wiki.example.test: default/wiki:80 answers',
  ],
  [
    "http://lost.example.test serves default/nobody",
    'unknown\ningress/unproved-claim warning claim "http://lost.example.test serves default/nobody" of expect is not proved: not known: Service default/nobody is not in the set',
  ],
  [
    "http://log.example.test requires login",
    'vacuous\ningress/empty-claim error claim "http://log.example.test requires login" of expect speaks of nothing: nothing answers there',
  ],
])("not proved: %s", (text, expected) => {
  expect(proof(text)).toBe(expected);
});

describe("a login for every path", () => {
  test("a path that the proxy lets through", () => {
    expect(proof("http://logs.example.test requires login", ["--skip-auth-route=^/status$"])).toMatch(
      /^broken[\s\S]*logs.example.test\/status: default\/kibana:443 answers: no login: skip-auth-route/,
    );
    expect(proof("http://logs.example.test/app requires login", ["--skip-auth-route=^/status$"])).toBe(
      "proved",
    );
    expect(proof("http://logs.example.test requires login", ["--skip-auth-route=^/(status|x)"])).toMatch(
      /^unknown/,
    );
  });
  test("another Ingress that goes around the proxy", () => {
    const around = ingress("around", ["logs.example.test /api Prefix kibana 443"]);
    expect(proof("http://logs.example.test requires login", [], around)).toMatch(
      /^broken[\s\S]*logs.example.test\/api: default\/kibana:443 answers without a login/,
    );
  });
  test("what is behind the login may be missing", () => {
    expect(proof("http://logs.example.test requires login", ["--upstream=http://elsewhere:80/other/"])).toBe(
      "proved",
    );
  });
});

test("claims over a set without routes", () => {
  const claim = parseServesClaim("http://x.test does not resolve", { by: "expect" });
  expect(proveServes(yamlModel(app("a")), claim.ok ? [claim.value] : [])[0]?.outcome).toBe("vacuous");
});

test("claims of blocks are read back as they were made", () => {
  const service = { namespace: "default", name: "wiki", port: 80 };
  const groups = ["operator", "site team"];
  for (const claim of [
    servesClaim({ by: "apps", url: "https://a.test", service }),
    requiresLoginClaim({ by: "apps", url: "https://a.test", groups }),
    requiresLoginClaim({ by: "apps", url: "https://a.test" }),
  ])
    expect(parseServesClaim(claim.text, { by: "apps" })).toEqual({ ok: true, value: claim });
});

test.each([
  ["", "column 1: expected a claim, found nothing"],
  ["wiki serves x", 'column 1: expected a URL, found "wiki": it does not begin with http:// or https://'],
  ["https://a.test", "column 15: expected what the URL does, found the end"],
  [
    "https://a.test server b/c",
    'column 16: expected "serves", "does not" or "requires login", found "server b/c"',
  ],
  ["https://a.test serves wiki", 'column 23: expected NAMESPACE/SERVICE:PORT, found "wiki"'],
  ["https://a.test serves a/b c", 'column 27: expected the end, found "c"'],
  ["https://a.test does not work", 'column 25: expected "serve" or "resolve", found "work"'],
  ["https://a.test requires login for x", 'column 31: expected "of group" or the end, found "for"'],
  ["https://a.test requires login of group a,,b", "column 40: expected the name of a group, found nothing"],
])("%j is no claim", (text, message) => {
  const parsed = parseServesClaim(text, { by: "expect", path: "expect[0]" });
  expect(parsed).toMatchObject({ ok: false, findings: [{ code: "ingress/valid-claim", path: "expect[0]" }] });
  expect(parsed.ok ? "" : parsed.findings[0]!.message).toContain(message);
});
