import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { routesModel } from "./model.ts";
import { type NaiveRequest, naiveGateway, naiveIngress } from "./naive.test-support.ts";
import { random, randomGateway, randomIngresses, randomRequest } from "./random-routes.test-support.ts";
import { resolveUrl } from "./resolve.ts";
import type { UrlVerdict } from "./verdict.ts";

const SETS = 600;
const REQUESTS = 40;

const CLASSES: readonly Resource[] = [
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "any" },
    spec: { controller: "example.test/any" },
  },
];

test("the compiled tables answer as a matcher that reads every Ingress", () => {
  const answers = compare(1, (next) => {
    const ingresses = randomIngresses(next);
    return { set: [...CLASSES, ...ingresses], ask: (request) => naiveIngress(ingresses, request) };
  });
  // Each kind of answer came up often, else the comparison says little.
  expect(answers).toMatchObject({
    none: expect.any(Number),
    open: expect.any(Number),
    route: expect.any(Number),
  });
  expect(Math.min(answers.none!, answers.open!, answers.route!)).toBeGreaterThan(1000);
});

test("the compiled tables answer as a matcher that reads every HTTPRoute", () => {
  const answers = compare(2, (next) => {
    const { gateway, routes } = randomGateway(next);
    return { set: [gateway, ...routes], ask: (request) => naiveGateway(gateway, routes, request) };
  });
  expect(Math.min(answers.none!, answers.open!, answers.route!)).toBeGreaterThan(300);
});

interface Comparison {
  readonly set: readonly Resource[];
  readonly ask: (request: NaiveRequest) => string;
}

/** Compares answers on random sets; how often each kind came up. */
function compare(seed: number, make: (next: () => number) => Comparison): Record<string, number> {
  const next = random(seed);
  const answers: Record<string, number> = { none: 0, open: 0, route: 0 };
  for (let i = 0; i < SETS; i++) {
    const { set, ask } = make(next);
    const model = routesModel(set, { gatewayClass: "any" });
    for (let j = 0; j < REQUESTS; j++) {
      const request = randomRequest(next);
      const query = new URLSearchParams(request.query).toString();
      const { host, method, headers } = request;
      const path = query === "" ? request.path : `${request.path}?${query}`;
      const said = answerOf(resolveUrl(model, { scheme: "http", host, path, method, headers }));
      const demanded = ask(request);
      if (said !== demanded)
        expect.fail(
          `set ${i}, ${JSON.stringify(request)}: ${said} instead of ${demanded}\n${JSON.stringify(set, null, 1)}`,
        );
      const kind = demanded === "none" || demanded === "open" ? demanded : "route";
      answers[kind]!++;
    }
  }
  return answers;
}

function answerOf({ outcome, route, missing }: UrlVerdict): string {
  if (outcome === "not-found") return "none";
  return missing.includes("route") ? "open" : `${route!.ref.name} ${route!.path}`;
}
