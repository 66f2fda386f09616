import type { AccessChange } from "./diff.ts";
import { type AccessResource, formatAccessResource } from "./resource-name.ts";

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete"];

/** Named first in a long list: who has them has more than they say. */
const GRAVE = new Set([
  "secrets",
  "pods/exec",
  "pods/attach",
  "serviceaccounts/token",
  "serviceaccounts",
  "pods",
  "nodes/proxy",
  "roles.rbac.authorization.k8s.io",
  "rolebindings.rbac.authorization.k8s.io",
  "clusterroles.rbac.authorization.k8s.io",
  "clusterrolebindings.rbac.authorization.k8s.io",
]);

/** A longer list of resources is cut after this many. */
const NAMED = 8;

/**
 * One sentence for people. `read` is get, list and watch; `write` is create, update, patch and delete (with or without
 * deletecollection); resources are named as kubectl names them, of a long list the graver ones and how many there are besides.
 *
 * @example
 * formatAccessChange(change); // developer may now read secrets in prod
 */
export function formatAccessChange(change: AccessChange): string {
  const { subject, resources, resourceNames, paths, namespaces, except } = change;
  const who =
    subject.kind === "ServiceAccount"
      ? `ServiceAccount ${shown(subject.namespace)}/${shown(subject.name)}`
      : shown(subject.name);
  const may = change.change === "gains" ? "may now" : "may no longer";
  if (paths.length > 0) return `${who} ${may} ${verbsText(change.verbs)} ${listed(paths.map(pathText))}`;
  const what = listed(cut(resources.map(resourceText)));
  const named =
    resourceNames.length === 0 ? "" : ` named ${listed(resourceNames.map((name) => `"${shown(name)}"`))}`;
  const where = namespaces === "all" ? "in the whole cluster" : `in ${listed(namespaces.map(shown))}`;
  const but = except.length === 0 ? "" : ` but ${listed(except.map(shown))}`;
  return `${who} ${may} ${verbsText(change.verbs)} ${what}${named} ${where}${but}`;
}

/** Verbs as words: `read`, `write`, `read and write`, `get and list`, `do anything with`. */
export function verbsText(verbs: readonly string[]): string {
  if (verbs.includes("*")) return "do anything with";
  const left = new Set(verbs);
  const words: string[] = [];
  const take = (parts: readonly string[], word: string) => {
    if (!parts.every((verb) => left.has(verb))) return;
    for (const verb of parts) left.delete(verb);
    words.push(word);
  };
  take(READ, "read");
  take(WRITE, "write");
  if (words.includes("write")) left.delete("deletecollection");
  return listed([...words, ...[...left].map(shown)]);
}

function cut(names: readonly string[]): readonly string[] {
  if (names.length <= NAMED) return names;
  const first = [...names.filter((name) => GRAVE.has(name)), ...names.filter((name) => !GRAVE.has(name))];
  return [...first.slice(0, NAMED), `${names.length - NAMED} other resources`];
}

function resourceText(resource: AccessResource): string {
  const all = resource.resource === "*" && resource.group === "*";
  if (all && resource.subresource === "") return "everything";
  if (all) return `every ${shown(resource.subresource)} subresource`;
  return shown(formatAccessResource(resource));
}

function pathText(path: string): string {
  return path === "*" ? "every path of the API server" : shown(path);
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** A name on one line: control characters are written as JSON writes them. */
function shown(text: string): string {
  return /\p{C}|\p{Zl}|\p{Zp}/u.test(text) ? JSON.stringify(text) : text;
}
