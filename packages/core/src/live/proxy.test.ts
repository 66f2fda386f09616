import { expect, test } from "vitest";
import { proxyOfEnvironment } from "./proxy.ts";

const PROXY = "http://proxy.test:3128";

test.each<[noProxy: string, server: string, isProxied: boolean]>([
  ["", "https://api.example.test:6443", true],
  ["", "https://localhost:6443", false],
  ["", "https://127.8.9.1:6443", false],
  ["", "https://[::1]:6443", false],
  ["*", "https://api.example.test:6443", false],
  ["example.test", "https://api.example.test:6443", false],
  ["example.test", "https://example.test", false],
  ["example.test", "https://badexample.test", true],
  [".example.test", "https://api.example.test", false],
  [".example.test", "https://example.test", true],
  ["*.example.test", "https://example.test", true],
  [" other.test , EXAMPLE.test ", "https://api.example.test", false],
  ["example.test:6443", "https://api.example.test:6443", false],
  ["example.test:443", "https://api.example.test", false],
  ["example.test:443", "https://api.example.test:6443", true],
  ["10.0.0.0/8", "https://10.1.2.3:6443", false],
  ["10.9.9.9/8", "https://10.1.2.3:6443", false],
  ["10.0.0.0/16", "https://10.1.2.3:6443", true],
  ["10.1.2.3:443", "https://10.1.2.3:6443", true],
  ["fd00::/8", "https://[fd00::1]:6443", false],
  ["[fd00::1]:6443", "https://[fd00::1]:6443", false],
  ["[fd00::1]", "https://[fd00::1]:6443", true],
  ["::/0", "https://10.1.2.3:6443", true],
  ["2.3", "https://10.1.2.3:6443", true],
  ["bücher.test", "https://xn--bcher-kva.test", false],
])("NO_PROXY=%s: %s is asked through the proxy: %s", async (noProxy, server, isProxied) => {
  const found = await proxyOfEnvironment(server, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy });
  expect(found).toBe(isProxied ? PROXY : undefined);
});

test("the variable is that of the scheme; small letters win; a host alone is asked by http", async () => {
  const of = (server: string, environment: Record<string, string>) => proxyOfEnvironment(server, environment);
  expect(await of("https://a.test", { HTTP_PROXY: PROXY })).toBeUndefined();
  expect(await of("http://a.test", { HTTP_PROXY: PROXY })).toBe(PROXY);
  expect(await of("http://a.test", { HTTP_PROXY: PROXY, REQUEST_METHOD: "GET" })).toBeUndefined();
  expect(await of("https://a.test", { HTTPS_PROXY: "http://big.test", https_proxy: PROXY })).toBe(PROXY);
  expect(await of("https://a.test", { HTTPS_PROXY: "proxy.test:3128" })).toBe(PROXY);
});
