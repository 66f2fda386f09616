import { expect, test } from "vitest";
import { noDuplicatePort } from "./no-duplicate-port.ts";
import { found, object } from "./references/sets.test-support.ts";

const pod = (...containers: object[]) => object("v1", "Pod", "p", { spec: { containers } });
const c = (name: string, ...ports: object[]) => ({ name, image: "example/c:1", ports });

test("different ports, and the same number of another protocol", () => {
  const udp = { containerPort: 53, protocol: "UDP", name: "dns" };
  expect(
    found(noDuplicatePort, [
      pod(c("a", { containerPort: 53, name: "dns" }, udp), c("b", { containerPort: 80 })),
    ]),
  ).toEqual([]);
});

// kube-apiserver 1.36.3 accepts both and answers with a warning of the same.
test("one number twice", () => {
  const twice = pod(c("a", { containerPort: 80, name: "x" }), c("b", { containerPort: 80, name: "x" }));
  expect(found(noDuplicatePort, [twice])).toEqual(["warning spec.containers[1].ports[0]"]);
});

test("one name twice", () => {
  const twice = pod(c("a", { containerPort: 80, name: "http" }), c("b", { containerPort: 81, name: "http" }));
  expect(noDuplicatePort.check({ resources: [twice] })).toMatchObject([
    { path: "spec.containers[1].ports[0]", related: [{ path: "spec.containers[0].ports[0]" }] },
  ]);
});
