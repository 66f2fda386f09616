import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPort, parsePorts } from "../policy/ports.ts";
import { parseDiagram } from "./diagram.ts";

const ENVIRONMENTS = ["common", "prod", "dev", "my-env"];
const arrows = (text: string) => {
  const { arrows, findings } = parseDiagram(text, ENVIRONMENTS);
  expect(findings).toEqual([]);
  return arrows
    .map((a) => `${a.from}>${a.to}${a.ports ? ` ${a.ports.map(formatPort).join(",")}` : ""}`)
    .sort();
};

test.each([
  ["prod <-> common <-> dev", ["common>dev", "common>prod", "dev>common", "prod>common"]],
  ["prod -> common -> dev", ["common>dev", "prod>common"]],
  ["prod <- common", ["common>prod"]],
  ["prod->common<-dev", ["dev>common", "prod>common"]],
  ["", []],
  ["prod", []],
  ["# nothing -> here", []],
  ["prod -> dev # : 80", ["prod>dev"]],
  ["prod -> dev\r\n\tdev -> my-env ; my-env->my-env", ["dev>my-env", "my-env>my-env", "prod>dev"]],
  ["prod -> dev : 5432/TCP", ["prod>dev 5432/TCP"]],
  ["prod -> dev : 80", ["prod>dev 80/TCP"]],
  ["prod -> dev : UDP", ["prod>dev UDP"]],
  ["prod -> dev : 53/UDP, 53/TCP", ["prod>dev 53/TCP,53/UDP"]],
  ["prod -> dev : 8000-8010/TCP,8005-8020/TCP,8021", ["prod>dev 8000-8021/TCP"]],
  ["prod -> dev -> common : 80", ["dev>common 80/TCP", "prod>dev 80/TCP"]],
  ["prod -> dev : 80\nprod -> dev : 443", ["prod>dev 80/TCP,443/TCP"]],
  ["prod -> dev : 80\nprod -> dev", ["prod>dev"]],
  ["prod -> dev\nprod -> dev : 80", ["prod>dev"]],
])("%j", (text, expected) => {
  expect(arrows(text)).toEqual(expected);
});

test.each([
  ["prod -> prd", 'line 1: unknown environment "prd"'],
  ["prod -> dev\n\ndev -> devv", 'line 3: unknown environment "devv"'],
  ["prod <-> <-> dev", "has no environment at one end"],
  ["prod dev", 'unknown environment "prod dev"'],
  ["prod -> dev : 0", "out of range"],
  ["prod -> dev : 80/tcp", "is no port"],
  ["prod -> dev : ", "is no port"],
  ["prod -> dev : 80,,81", "is no port"],
  ["prod -> dev : 1-2-3", "is no port"],
  ["prod : 80", "gives ports to no arrow"],
  ["constructor -> prod", 'unknown environment "constructor"'],
])("%j is refused, and nothing is taken from it", (text, message) => {
  const { arrows, findings } = parseDiagram(text, ENVIRONMENTS);
  expect(arrows).toEqual([]);
  expect(findings.map((f) => f.message).join("\n")).toContain(message);
});

test("any text is read in time without a crash", () => {
  const piece = fc.constantFrom(
    "prod",
    "dev",
    "->",
    "<->",
    "<-",
    ":",
    ",",
    "80",
    "/TCP",
    "\n",
    ";",
    "#",
    " ",
    "<",
    ">",
    "-",
    "\u0000",
    "é",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 200 }).map((parts) => parts.join("")),
      (text) => {
        const { arrows, findings } = parseDiagram(text, ENVIRONMENTS);
        return findings.length === 0 || arrows.length === 0;
      },
    ),
  );
});

test("ports are read back as they are printed", () => {
  const port = fc
    .tuple(
      fc.constantFrom("TCP", "UDP", "SCTP"),
      fc.integer({ min: 1, max: 65535 }),
      fc.integer({ min: 0, max: 500 }),
    )
    .map(([protocol, from, more]) => ({
      protocol: protocol as "TCP",
      from,
      to: Math.min(65535, from + more),
    }));
  fc.assert(
    fc.property(port, (range) => {
      expect(parsePorts(formatPort(range), (message) => expect.unreachable(message))).toEqual([range]);
    }),
  );
});
