import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { iamRules } from "@ashlar/iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Attempt, CallOptions } from "../access/escalation-attempts.ts";
import { CASES, nameOf, resourcesOf } from "../access/escalation-cases.ts";
import { settled } from "../access/settled.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";

let server: ControlPlane;

beforeAll(async () => {
  const users = CASES.map((_, i) => ({ token: `token-of-${nameOf(i)}`, user: nameOf(i), groups: [] }));
  server = await startControlPlane({ users });
  for (const [i, one] of CASES.entries()) {
    await server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: nameOf(i) } });
    for (const resource of resourcesOf(one, i)) {
      const answer = await server.create(resource);
      if (!answer.accepted) throw new Error(`${one.name}: ${answer.status.message}`);
    }
  }
  await settled(server);
});
afterAll(() => server?.stop());

const outcomes: string[] = [];

test.each(CASES.map((one, index) => ({ ...one, index })))("$code: $name", async ({ index, ...one }) => {
  const own = nameOf(index);
  const call: Attempt["call"] = (method, url, more = {}) =>
    send(method, url, { token: `token-of-${own}`, ...more });
  const reads: Attempt["reads"] = async (url, more) => {
    for (let tries = 0; tries < 20; tries++) {
      const { code } = await call("GET", url, more);
      if (code === 200) return true;
      if (code !== 403 || more?.headers !== undefined) return false;
      await sleep(100);
    }
    return false;
  };
  const works = await one.attempt({ own, call, reads });
  outcomes.push(`${one.code} ${works ? "works" : "is refused"}`);
  const findings = iamRules
    .flatMap((checked) => checked.check({ resources: resourcesOf(one, index) }))
    .filter(({ code }) => code === one.code);
  expect(findings.length > 0).toBe(one.code === "iam/no-escalation-path" ? works : !works);
});

test("each rule was held against both outcomes", () => {
  const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
  expect(outcomes.length).toBe(CASES.length);
  expect([count("iam/no-escalation-path works"), count("iam/no-escalation-path is refused")]).toEqual([
    11, 12,
  ]);
  expect([count("iam/no-rule-without-effect works"), count("iam/no-rule-without-effect is refused")]).toEqual(
    [6, 7],
  );
});

function send(
  method: string,
  url: string,
  { body, headers, token }: CallOptions,
): ReturnType<Attempt["call"]> {
  const { hostname, port } = new URL(server.url);
  const all = {
    authorization: `Bearer ${token}`,
    ...(body && { "content-type": "application/json" }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: url, method, headers: all, ca: server.ca }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("error", reject).once("end", () => {
        const isJson = response.headers["content-type"]?.includes("json");
        resolve({ code: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
    });
    sent.once("error", reject).end(body && JSON.stringify(body));
  });
}
