import { expect, test } from "vitest";
import { noMissingTargetPort } from "./no-missing-target-port.ts";
import { deployment, found, service } from "./references/sets.test-support.ts";

const web = deployment("web", {
  ports: [
    { name: "http", containerPort: 8080 },
    { name: "dns", containerPort: 53, protocol: "UDP" },
  ],
});
const to = (port: Readonly<Record<string, unknown>>) => service("s", { app: "web" }, port);

test("ports that a selected pod declares", () => {
  for (const port of [
    { port: 80, targetPort: "http" },
    { port: 80, targetPort: 8080 },
    { port: 8080 },
    { port: 53, protocol: "UDP", targetPort: "dns" },
  ])
    expect(found(noMissingTargetPort, [web, to(port)])).toEqual([]);
});

test("a name that none declares has no endpoints; a number may all the same", () => {
  expect(noMissingTargetPort.check({ resources: [web, to({ port: 80, targetPort: "htpp" })] })).toMatchObject(
    [
      {
        severity: "error",
        path: "spec.ports[0].targetPort",
        hint: 'did you mean "http"?',
        related: [{ subject: { name: "web" } }],
      },
    ],
  );
  expect(found(noMissingTargetPort, [web, to({ port: 80, targetPort: "dns" })])).toEqual([
    "error spec.ports[0].targetPort",
  ]);
  expect(found(noMissingTargetPort, [web, to({ port: 80, targetPort: 9090 })])).toEqual([
    "warning spec.ports[0].targetPort",
  ]);
  expect(found(noMissingTargetPort, [web, to({ port: 80 })])).toEqual(["warning spec.ports[0].port"]);
});

test("pods that declare nothing may listen on any number, but on no name", () => {
  const silent = deployment("web");
  expect(found(noMissingTargetPort, [silent, to({ port: 80 })])).toEqual([]);
  expect(found(noMissingTargetPort, [silent, to({ port: 80, targetPort: "http" })])).toHaveLength(1);
});

test("init containers count only as sidecars", () => {
  const ports = [{ name: "metrics", containerPort: 9090 }];
  const withInit = (extra: object) =>
    deployment("web", {}, { initContainers: [{ name: "i", ports, ...extra }] });
  const metrics = to({ port: 90, targetPort: "metrics" });
  expect(found(noMissingTargetPort, [withInit({ restartPolicy: "Always" }), metrics])).toEqual([]);
  expect(found(noMissingTargetPort, [withInit({}), metrics])).toHaveLength(1);
});

test("a Service that selects nothing is another rule's", () => {
  expect(found(noMissingTargetPort, [service("s", { app: "x" }, { port: 80, targetPort: "http" })])).toEqual(
    [],
  );
});
