import { expect, test } from "vitest";
import { noUnknownSubject } from "./no-unknown-subject.ts";
import { binding, found } from "./sets.test-support.ts";

const hints = (subject: string) =>
  noUnknownSubject.check({ resources: [binding("b", "view", subject)] }).map(({ hint }) => hint);

test.each([
  ["Group system:authentificated", 'did you mean "system:authenticated"?'],
  ["Group system:node", "write kind: User"],
  [
    "Group system:serviceaccount",
    "every ServiceAccount of a namespace is Group system:serviceaccounts:NAMESPACE",
  ],
  ["User system:kube-schedular", 'did you mean "system:kube-scheduler"?'],
  ["User system:authenticated", "write kind: Group"],
  ["User system:serviceaccounts:dev", "write kind: Group"],
  ["Group system:anonymous", "write kind: User"],
  ["Group system:serviceaccount:dev:ci", "write kind: ServiceAccount, name: ci, namespace: dev"],
  [
    "User system:serviceaccount:ci",
    "write system:serviceaccount:NAMESPACE:NAME, or kind: ServiceAccount with name and namespace",
  ],
  ["Group *", "name each subject; all who are logged in are Group system:authenticated"],
  ["User dev-*", "name each subject; all who are logged in are Group system:authenticated"],
])("%s is nobody", (subject, hint) => {
  expect(hints(subject)).toEqual([hint]);
});

test.each([
  "Group developer",
  "Group system:authenticated",
  "Group system:serviceaccounts:dev",
  "Group system:bootstrappers:kubeadm:default-node-token",
  "Group system:nodes",
  "User system:kube-proxy",
  "User system:cloud-controller-manager",
  "User system:node:node-1",
  "User system:serviceaccount:dev:ci",
  "User system:anonymous",
  "Group system:cluster-readers",
  "User system:konnectivity-server",
  "ServiceAccount dev/system",
])("%s can be somebody", (subject) => {
  expect(hints(subject)).toEqual([]);
});

test("the place is the subject's name", () => {
  expect(found(noUnknownSubject, [binding("dev/b", "view", "Group a", "Group system:master")])).toEqual([
    "RoleBinding dev/b: Kubernetes has no Group system:master, and names with system: are its own @ subjects[1].name",
  ]);
});
