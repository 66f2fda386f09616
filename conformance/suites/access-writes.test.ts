import { isDeepStrictEqual } from "node:util";
import {
  type AccessModel,
  accessModel,
  can,
  forbiddenRequest,
  mayWriteBinding,
  mayWriteRole,
  requestOf,
} from "@ashlar/iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escalationTries } from "../access/escalations.ts";
import { handMadeCalls, randomCalls, sendRaw } from "../access/http-requests.ts";
import { askAuthorizer } from "../access/rbac-authorizer.ts";
import { withSortedErrors } from "../access/reviews.ts";
import { settled } from "../access/settled.ts";
import { ALL_WRITERS, TRIED_BINDINGS, TRIED_ROLES, WRITER_RESOURCES } from "../access/writers.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";

let server: ControlPlane;
let model: AccessModel;

beforeAll(async () => {
  server = await startControlPlane({ controllers: true, users: ALL_WRITERS });
  for (const name of ["dev", "prod"])
    await server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const resource of WRITER_RESOURCES) {
    const answer = await server.create(resource, { fieldValidation: "Strict" });
    if (!answer.accepted) throw new Error(`${JSON.stringify(resource)}: ${answer.status.message}`);
  }
  await settled(server);
  model = accessModel(WRITER_RESOURCES);
});
afterAll(() => server?.stop());

describe("the escalation check", () => {
  test("mayWriteRole() and mayWriteBinding() are what the server answers to creates, message included", async () => {
    const wrong: object[] = [];
    const codes = new Map<number, number>();
    for (const { user, groups, token } of ALL_WRITERS) {
      const client = server.client(token);
      const subject = { user, groups: [...groups, "system:authenticated"] };
      for (const resource of [...TRIED_ROLES, ...TRIED_BINDINGS]) {
        const answer = await client.create(resource, { dryRun: true });
        const code = answer.accepted ? 201 : answer.status.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
        const message = answer.accepted ? "" : answer.status.message;
        const mayWrite = resource.kind.endsWith("Role") ? mayWriteRole : mayWriteBinding;
        const verdict = mayWrite(model, subject, resource);
        if (
          verdict.allowed !== answer.accepted ||
          withSortedResolution(verdict.message) !== withSortedResolution(message)
        )
          wrong.push({ user, resource, code, message, verdict });
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect([...codes.keys()].sort()).toEqual([201, 403, 404]);
    expect(codes.get(201)).toBeGreaterThanOrEqual(200);
    expect(codes.get(403)).toBeGreaterThanOrEqual(400);
    expect(codes.get(404)).toBeGreaterThanOrEqual(20);
  });

  test("mayWriteRole() is what the server's code says of 4,000 random roles", async () => {
    const tries = Array.from({ length: 40 }, (_, i) => escalationTries(i + 300, 100));
    const answers = await askAuthorizer(tries);
    const verdicts = tries.map(({ resources, escalations }) => {
      const ours = accessModel(resources, { builtins: false });
      return escalations.map((asked) => mayWriteRole(ours, asked, asked.role));
    });
    const counts = { held: 0, refused: 0, lifted: 0 };
    const wrong = verdicts.flat().flatMap((verdict, i) => {
      const refusal = answers[Math.floor(i / 100)]!.escalations[i % 100]!;
      // The verb `escalate` lifts the check before it is made.
      if (verdict.by === "escalate") counts.lifted++;
      else if (refusal === "") counts.held++;
      else counts.refused++;
      const isSame =
        verdict.by === "escalate" ||
        (verdict.allowed === (refusal === "") && rightsIn(verdict.message) === rightsIn(refusal));
      return isSame ? [] : [{ refusal, verdict }];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(counts.held).toBeGreaterThan(300);
    expect(counts.refused).toBeGreaterThan(2_500);
    expect(counts.lifted).toBeLessThan(100);
  });
});

describe("requestOf() is how the server reads HTTP requests", () => {
  test("in the words of its 403 messages", async () => {
    const { user, groups, token } = ALL_WRITERS.find((writer) => writer.user === "writer-none")!;
    const subject = { user, groups: [...groups, "system:authenticated"] };
    const wrong: object[] = [];
    let compared = 0;
    for (const call of handMadeCalls()) {
      const { code, text } = await sendRaw(server, token, call);
      const asked = requestOf({ method: call.method, url: call.target }, subject);
      const verdict = can(model, asked);
      const expected = { code: 403, message: forbiddenRequest(asked, verdict.reason) };
      const got = { code, message: code === 403 ? (JSON.parse(text) as { message: string }).message : text };
      compared++;
      if (verdict.allowed || !isDeepStrictEqual(got, expected)) wrong.push({ call, got, expected });
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(60);
  });

  test("in what it lets a HEAD do, which has no message", async () => {
    const { token, user, groups } = ALL_WRITERS.find((writer) => writer.user === "writer-names")!;
    const subject = { user, groups: [...groups, "system:authenticated"] };
    const secrets = "/api/v1/namespaces/dev/secrets";
    const targets = [
      secrets,
      `${secrets}/one`,
      `${secrets}/three`,
      `${secrets}?fieldSelector=metadata.name=one`,
      "/version",
    ];
    const codes: number[] = [];
    for (const target of targets) {
      const { code } = await sendRaw(server, token, { method: "HEAD", target });
      codes.push(code);
      const { allowed } = can(model, requestOf({ method: "HEAD", url: target }, subject));
      expect([target, allowed]).toEqual([target, code !== 403]);
    }
    // 405: let through, to a handler that has no HEAD. A path is asked about with the verb `head`, which no role has.
    expect(codes).toEqual([403, 405, 403, 403, 403]);
  });

  test("in the words of its code, 20,000 random requests", async () => {
    const calls = [...handMadeCalls(), ...randomCalls(5, 20_000)];
    const [answer] = await askAuthorizer([{ resources: [], http: calls }]);
    let read = 0;
    const wrong = calls.flatMap((call, i) => {
      const { attributes, err } = answer!.http[i]!;
      // No authorizer is asked: a path with a broken escape is a 400, one that ends after its verb a 500.
      if (err !== undefined) return [];
      read++;
      const asked = requestOf({ method: call.method, url: call.target });
      return isDeepStrictEqual(withoutEmpty(asked), withoutEmpty(attributes))
        ? []
        : [{ call, attributes, asked }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(read).toBeGreaterThan(15_000);
  });
});

/** What an escalation message says about rights, without the errors that tell how a role was looked up. */
function rightsIn(message: string): string {
  return message
    .replace(/^(cluster)?roles\.\S+ "made" is forbidden: /, "")
    .split("; resolution errors: ")[0]!;
}

/** The errors of a message in a fixed order. */
function withSortedResolution(message: string): string {
  const [rights, errors] = message.split("; resolution errors: ");
  return errors === undefined ? message : `${rights}; ${withSortedErrors(`RBAC: ${errors}`)}`;
}

function withoutEmpty(attributes: object): object {
  const always = ["verb", "path"];
  return Object.fromEntries(
    Object.entries(attributes).filter(([key, value]) => value !== "" || always.includes(key)),
  );
}
