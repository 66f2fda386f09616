import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { validateNetworkPolicy } from "./validate-network-policy.ts";

// What a person reads: each common slip gets the words to write instead.

function hints(spec: unknown, metadata: object = { name: "a" }): string[] {
  const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
  return validateNetworkPolicy(policy as unknown as Resource).map((f) => f.hint);
}

const port = (entry: unknown) => ({ ingress: [{ ports: [entry] }] });
const cidr = (text: string) => ({ ingress: [{ from: [{ ipBlock: { cidr: text } }] }] });

describe("the hint says what to write", () => {
  test.each<[string, unknown, string]>([
    ["a misspelt field", { podSelectr: {} }, 'remove it, or did you mean "podSelector"?'],
    [
      "a field one level too deep",
      { ingress: [{ from: [{ podSelector: {}, ports: [] }] }] },
      'move it: "ports" belongs to spec.ingress[].ports or spec.egress[].ports; check the indentation',
    ],
    ["a number for a label", { podSelector: { matchLabels: { version: 1 } } }, 'put it in quotes: "1"'],
    ["a string for a number", port({ port: 80, endPort: "90" }), "write 90 without quotes"],
    ["a peer without its dash", { ingress: [{ from: {} }] }, 'put "- " before it: a list of one'],
    ["a dash too many", { podSelector: [{}] }, 'write a mapping of fields instead of the list: without "- "'],
    ["a protocol in small letters", port({ protocol: "udp" }), "write UDP in capitals"],
    ["a quoted port number", port({ port: "80" }), "write 80 without quotes: a string is the name of a port"],
    ["a range upside down", port({ port: 90, endPort: 80 }), "swap the two numbers"],
    [
      "an operator in small letters",
      { podSelector: { matchExpressions: [{ key: "a", operator: "exists" }] } },
      'did you mean "Exists"?',
    ],
    ["one address", cidr("10.9.8.7"), "write 10.9.8.7/32 for this one address"],
    ["one IPv6 address", cidr("2001:db8::1"), "write 2001:db8::1/128 for this one address"],
    [
      "host bits",
      cidr("10.1.2.3/8"),
      "write 10.0.0.0/8 if these addresses are meant: 10.0.0.0/8 is how it was read until now",
    ],
    [
      "leading zeros",
      cidr("010.0.0.0/8"),
      "write 10.0.0.0/8 if these addresses are meant: 10.0.0.0/8 is how it was read until now",
    ],
    [
      "a mapped address",
      cidr("::ffff:10.0.0.0/104"),
      "write 10.0.0.0/8 if these addresses are meant: 10.0.0.0/8 is how it was read until now",
    ],
  ])("%s", (_, spec, hint) => {
    expect(hints(spec)).toEqual([hint]);
  });

  test("a name in capitals or with underscores", () => {
    expect(hints({}, { name: "Allow_All" })).toEqual(["write allow-all"]);
  });
});

test("the message of an odd CIDR says what is odd", () => {
  const message = (text: string) => {
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "a" },
      spec: cidr(text),
    };
    return validateNetworkPolicy(policy as unknown as Resource)[0]!.message;
  };
  expect(message("10.1.2.3/8")).toContain("bits set beyond its prefix length");
  expect(message("10.00.0.0/8")).toContain("leading zeros");
  expect(message("2001:db8::/032")).toContain("leading zeros");
  expect(message("::ffff:10.0.0.0/104")).toContain("an IPv4 address mapped into IPv6");
});
