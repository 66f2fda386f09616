import { describe, expect, it } from "vitest";
import { isIp, isIpv4, splitHostPort } from "./addresses.ts";
import { isLabelSelector } from "./label-selector.ts";
import { atoi, parseDuration, parseUintAnyBase } from "./numbers.ts";
import { compileGoPattern } from "./regexp.ts";
import { templateMistake } from "./template.ts";

describe("values as Go reads them", () => {
  it.each([
    ["1h30m", 5400],
    ["-1.5s", -1.5],
    ["0", 0],
    [".5s", 0.5],
    ["30", undefined],
    ["1d", undefined],
    ["s", undefined],
    ["9999999h", undefined],
  ])("reads the duration %s as %s", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it("reads numbers within their range", () => {
    expect(["007", "+5", "1_000", "9223372036854775807", "9223372036854775808"].map(atoi)).toEqual([
      7,
      5,
      undefined,
      Number(2n ** 63n),
      undefined,
    ]);
    expect(["0xffee", "0o17", "017", "65536", "1__0"].map((text) => parseUintAnyBase(text, 16))).toEqual([
      0xffeen,
      15n,
      15n,
      undefined,
      undefined,
    ]);
  });

  it("reads addresses", () => {
    expect(
      ["10.0.0.1", "10.0.0.01", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "10.0.0.0/8"].map(isIp),
    ).toEqual([true, false, true, false, true, false]);
    expect([isIpv4("::ffff:10.0.0.1"), isIpv4("::1")]).toEqual([true, false]);
    expect(["[::1]:53", ":53", "a:b:c", "[::1]", "a"].map((text) => splitHostPort(text)?.port)).toEqual([
      "53",
      "53",
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ["^a(b)+(?P<n>c)$", 2],
    ["(?i)(?:a)|\\p{Greek}[[:alpha:]-]", 0],
    ["a{2}{3}", undefined],
    ["(?=a)", undefined],
    ["\\1", undefined],
    ["a{1001}", undefined],
    ["(?:a{500}){3}", undefined],
    ["a**", undefined],
    ["(a", undefined],
    ["[z-a]", undefined],
  ])("compiles %s with %s groups", (text, groups) => {
    const compiled = compileGoPattern(text);
    expect(compiled.ok ? compiled.groups : undefined).toBe(groups);
  });

  it.each([
    ["a=b,c in (d,e),!f", true],
    ["a", true],
    ["a=", true],
    ["a!=b", false],
    ["a in ()", false],
    ["a>1", false],
    ["=a", false],
    ["a b", false],
  ])("says of the selector %s: %s", (text, valid) => expect(isLabelSelector(text)).toBe(valid));

  it.each([
    ["{{ .Name }} 60 IN A {{ .Group.a }}", undefined],
    ["{{ if eq .Name `}}` }}a{{ else }}b{{ end }}", undefined],
    ["{{ $x := .Name }}{{ $x }}", undefined],
    ["{{ .Name", expect.any(String)],
    ["{{ nope }}", 'no function "nope" in {{ }}'],
    ["{{ if .A }}", "{{if}} has no {{end}}"],
    ["{{ end }}", "{{end}} ends nothing"],
    ["{{ $x }}", "no variable $x in {{ }}"],
  ])("finds in the template %s: %s", (text, mistake) => expect(templateMistake(text)).toEqual(mistake));
});
