import { expect, test } from "vitest";
import { noMissingProbePort } from "./no-missing-probe-port.ts";
import { deployment, found } from "./references/sets.test-support.ts";

const ports = [{ name: "http", containerPort: 8080 }];
const C = "spec.template.spec.containers[0]";

test("names that the container declares, and numbers", () => {
  const probes = { livenessProbe: { httpGet: { port: "http" } }, readinessProbe: { tcpSocket: { port: 9 } } };
  expect(found(noMissingProbePort, [deployment("web", { ports, ...probes })])).toEqual([]);
  // The kubelet takes digits in a string for a number.
  expect(
    found(noMissingProbePort, [deployment("web", { livenessProbe: { httpGet: { port: "80" } } })]),
  ).toEqual([]);
});

test("names that it does not, in every probe and hook", () => {
  const handler = { httpGet: { port: "htpp" } };
  const web = deployment("web", {
    ports,
    livenessProbe: handler,
    readinessProbe: { tcpSocket: { port: "htpp" } },
    startupProbe: handler,
    lifecycle: { postStart: handler, preStop: handler },
  });
  expect(found(noMissingProbePort, [web])).toEqual([
    `error ${C}.livenessProbe.httpGet.port`,
    `error ${C}.readinessProbe.tcpSocket.port`,
    `error ${C}.startupProbe.httpGet.port`,
    `error ${C}.lifecycle.postStart.httpGet.port`,
    `error ${C}.lifecycle.preStop.httpGet.port`,
  ]);
  expect(noMissingProbePort.check({ resources: [web] })[0]?.hint).toBe('did you mean "http"?');
});

test("another container's port does not help", () => {
  const other = { initContainers: [{ name: "i", restartPolicy: "Always", ports }] };
  const web = deployment("web", { livenessProbe: { httpGet: { port: "http" } } }, other);
  expect(found(noMissingProbePort, [web])).toHaveLength(1);
});
