import { expect, test } from "vitest";
import { CONNECT_TOOLS, isNoProgram } from "./connect-tools.ts";

const tool = (name: string) => CONNECT_TOOLS.find((one) => one.name === name)!;
const answer = (exitCode: number, text = "", stdout = "") => ({ exitCode, stdout, stderr: text });

test.each([
  ["nc", 0, "Connection to 10.0.0.1 80 port [tcp/http] succeeded!", "open"],
  ["nc", 0, "10.0.0.1 (10.0.0.1:80) open", "open"],
  ["nc", 1, "nc: 10.0.0.1 (10.0.0.1:80): Connection refused", "refused"],
  ["nc", 1, "nc: connect to 10.0.0.1 port 80 (tcp) failed: Connection refused", "refused"],
  ["nc", 1, "(UNKNOWN) [10.0.0.1] 80 (http) : Connection refused", "refused"],
  ["nc", 1, "Ncat: Connection refused.", "refused"],
  ["nc", 1, "nc: connect to 10.0.0.1 port 80 (tcp) timed out: Operation now in progress", "timeout"],
  ["nc", 1, "nc: 10.0.0.1 (10.0.0.1:80): Operation timed out", "timeout"],
  ["nc", 1, "Ncat: TIMEOUT.", "timeout"],
  ["nc", 1, "nc: 10.0.0.1 (10.0.0.1:80): Host is unreachable", "unreachable"],
  ["nc", 1, "nc: connect to 10.0.0.1 port 80 (tcp) failed: No route to host", "unreachable"],
  ["nc", 1, "", "unclear"],
  ["nc", 1, "nc: invalid option -- 'z'\nBusyBox v1.35.0", undefined],
  ["nc", 1, "nc: unrecognized option: z\nUsage: nc [OPTIONS]", undefined],
  [
    "curl",
    7,
    "curl: (7) Failed to connect to 10.0.0.1 port 80 after 0 ms: Couldn't connect to server",
    "refused",
  ],
  ["curl", 7, "curl: (7) Failed to connect to 10.0.0.1 port 80: Connection refused", "refused"],
  [
    "curl",
    28,
    "curl: (28) Failed to connect to 10.0.0.1 port 80 after 2000 ms: Timeout was reached",
    "timeout",
  ],
  ["curl", 28, "curl: (28) Connection timed out after 3001 milliseconds", "timeout"],
  ["wget", 0, "Connecting to 10.0.0.1:80... connected.", "open"],
  ["wget", 1, "wget: server returned error: HTTP/1.1 404 Not Found", "open"],
  [
    "wget",
    4,
    "Connecting to 10.0.0.1:80... connected.\nHTTP request sent … Read error (Connection timed out)",
    "open",
  ],
  ["wget", 1, "wget: error getting response: Connection reset by peer", "open"],
  ["wget", 1, "wget: can't connect to remote host (10.0.0.1): Connection refused", "refused"],
  ["wget", 4, "Connecting to 10.0.0.1:80... failed: Connection refused.", "refused"],
  ["wget", 4, "Connecting to 10.0.0.1:80... failed: Connection timed out.", "timeout"],
  ["wget", 1, "Connecting to 10.0.0.1 (10.0.0.1:80)\nwget: download timed out", "unclear"],
  ["wget", 1, "wget: unrecognized option '--proxy=off'", undefined],
] as const)("%s ends with %i and says %s: %s", (name, code, text, expected) => {
  expect(tool(name).read(answer(code, text))).toBe(expected);
});

test.each([
  [0, "", "open"],
  [1, "nc: can't execute 'true': No such file or directory", "open"],
  [1, "nc: can't connect to remote host (10.0.0.1): Connection refused", "refused"],
  [1, "nc: timed out", "timeout"],
  [1, "nc: invalid option -- 'e'", undefined],
])("busybox's smaller nc ends with %i and says %s: %s", (code, text, expected) => {
  const smaller = CONNECT_TOOLS.filter(({ name }) => name === "nc")[1]!;
  expect(smaller.read(answer(code, text))).toBe(expected);
});

test("curl tells that it connected, whatever came after that", () => {
  const text = "curl: (28) Operation timed out after 3001 milliseconds with 0 bytes received";
  expect(tool("curl").read(answer(28, text, "connected at 0.000136\n"))).toBe("open");
  expect(tool("curl").read(answer(28, text, "connected at 0.000000\n"))).toBe("timeout");
});

test("addresses of IPv6 stand in brackets in a URL, and nowhere else", () => {
  const target = { ip: "fd00::1", port: 80 };
  expect(tool("nc").argv(target, 3).slice(-2)).toEqual(["fd00::1", "80"]);
  for (const name of ["curl", "wget"]) expect(tool(name).argv(target, 3).at(-1)).toBe("http://[fd00::1]:80/");
});

test.each([
  ['exec failed: unable to start container process: exec: "nc": executable file not found in $PATH', true],
  ["stat /bin/nc: no such file or directory", true],
  ["sh: nc: applet not found", true],
  ["nc: connect to 10.0.0.1 port 80 (tcp) failed: Connection refused", false],
  ["container not found", false],
])("%s: no such program %s", (text, expected) => {
  expect(isNoProgram(text)).toBe(expected);
});
