import { describe, expect, test } from "vitest";
import { parseAddress } from "../addresses.ts";
import { readTemplate } from "./go-template.ts";
import { selectorOf } from "./selector.ts";
import { readZoneText } from "./zone-text.ts";

test("a zone file as RFC 1035 writes it", () => {
  const { records, problem } = readZoneText(
    `$TTL 1h
@ IN SOA ns admin.example.test. ( 1 ; serial
   2h 3m 4w 1d )
  NS ns
a 60 IN A 192.0.2.1
  IN 30 AAAA 2001:DB8:0:0::1
b TXT "with ; and ) in it" word "with \\" in it"
$ORIGIN sub
c MX 10 @
`,
    "example.test.",
  );
  expect(problem).toBeUndefined();
  expect(records.map(({ name, type, ttl, data }) => `${name} ${ttl} ${type} ${data}`)).toEqual([
    "example.test. 3600 SOA ns.example.test. admin.example.test. 1 7200 180 2419200 86400",
    "example.test. 3600 NS ns.example.test.",
    "a.example.test. 60 A 192.0.2.1",
    "a.example.test. 30 AAAA 2001:db8::1",
    'b.example.test. 3600 TXT "with ; and ) in it" "word" "with \\" in it"',
    "c.sub.example.test. 3600 MX 10 sub.example.test.",
  ]);
});

test.each([
  ["a 60 A 192.0.2.256", "no record of type A"],
  ["a 60 A", "no record of type A"],
  ["a A 192.0.2.1", "no time to live"],
  ["$INCLUDE other", "$INCLUDE is not modelled"],
  ["a 60 ?", "is no record"],
])("%s is told", (text, problem) => {
  expect(readZoneText(text, "x.test.").problem).toContain(problem);
});

describe("templates", () => {
  const data = { fields: { Name: "a.test." }, match: ["a.b", "a"], group: { "0": "a.b", host: "b" } };
  test.each([
    ["{{ .Name }} 60 IN A 10.0.0.1", "a.test. 60 IN A 10.0.0.1"],
    ["{{ index .Match 1 }}-{{.Group.host}}", "a-b"],
    ['{{ index .Group "host" }}', "b"],
    ["a  {{- .Name -}}  b", "aa.test.b"],
    ["{{/* nothing */}}x", "x"],
    ["{{ .Nope }}", undefined],
  ])("%s", (text, expected) => {
    expect(readTemplate(text)?.(data)).toBe(expected);
  });
  test.each(["{{ if .Name }}x{{ end }}", "{{ .Name", '{{ printf "%s" .Name }}'])(
    "%s is more than is read",
    (text) => {
      expect(readTemplate(text)).toBeUndefined();
    },
  );
});

test.each([
  [
    "app=web,tier!=db",
    [
      { key: "app", operator: "In", values: ["web"] },
      { key: "tier", operator: "NotIn", values: ["db"] },
    ],
  ],
  [
    "env in (a, b), !old",
    [
      { key: "env", operator: "In", values: ["a", "b"] },
      { key: "old", operator: "DoesNotExist", values: [] },
    ],
  ],
  [
    "x notin (a),y",
    [
      { key: "x", operator: "NotIn", values: ["a"] },
      { key: "y", operator: "Exists", values: [] },
    ],
  ],
])("the selector %s", (text, expected) => {
  expect(selectorOf(text.split(" "))).toEqual(expected);
});

test.each([
  ["10.0.0.1", "A", "10.0.0.1"],
  ["::ffff:10.0.0.1", "A", "10.0.0.1"],
  ["2001:DB8:0:0:1:0:0:1", "AAAA", "2001:db8::1:0:0:1"],
  ["::", "AAAA", "::"],
  ["1:0:0:2:0:0:0:3", "AAAA", "1:0:0:2::3"],
])("the address %s", (text, type, shown) => {
  expect(parseAddress(text)).toEqual({ type, text: shown });
});
