import { nearest, suggest } from "../did-you-mean.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { quoted } from "../validate/report.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import {
  type Group,
  hasResource,
  partsOf,
  servedGroups,
  URL_VERBS,
  VERBS,
} from "./references/served-rights.ts";

const CODE = "core/no-unknown-right";
const RBAC = "rbac.authorization.k8s.io";
const URL_VERB_OF: Readonly<Record<string, string>> = {
  list: "get",
  watch: "get",
  create: "post",
  update: "put",
};

type Groups = ReadonlyMap<string, Group>;
type Report = (path: string, message: string, hint: string) => void;

/** A rule of a Role that names a verb, resource, subresource or group that no API serves: it grants nothing. */
export const noUnknownRight: Rule = {
  code: CODE,
  check({ resources, locate }) {
    const roles = resources.filter(isRole);
    if (roles.length === 0) return [];
    const groups = servedGroups(resources);
    return roles.flatMap((role) => {
      const findings: Finding[] = [];
      listOf(role.rules).forEach((rule, i) => {
        checkRule(fieldsOf(rule), groups, (path, message, hint) => {
          const about = `${formatRef(refOf(role))}: ${message}, so that it grants nothing`;
          findings.push(
            findingAbout(role, locate, {
              code: CODE,
              severity: "warning",
              message: about,
              hint,
              path: `rules[${i}].${path}`,
            }),
          );
        });
      });
      return findings;
    });
  },
};

function isRole({ apiVersion, kind }: Resource): boolean {
  return (kind === "Role" || kind === "ClusterRole") && apiGroup(textOf(apiVersion)) === RBAC;
}

function checkRule(rule: ReturnType<typeof fieldsOf>, groups: Groups, report: Report): void {
  const [verbs, names, resources] = [rule.verbs, rule.apiGroups, rule.resources].map(textsOf);
  if (listOf(rule.nonResourceURLs).length > 0) {
    checkUrlVerbs(verbs!, report);
    return;
  }
  const misspelt = names!.map((name) => meantGroup(name, resources!, groups));
  misspelt.forEach((meant, i) => {
    if (meant === undefined) return;
    const hint = meant === "" ? 'write "" for the core group' : `did you mean "${meant}"?`;
    report(`apiGroups[${i}]`, `there is no API group ${quoted(names![i]!)}`, hint);
  });
  // Verbs may be about something that is no resource: an audience of tokens.
  const isAboutResources = verbs!.some((verb) => verb !== "request-serviceaccounts-token-audience");
  const known = names!.map((name, i) => groups.get(misspelt[i] ?? name));
  resources!.forEach((written, i) => {
    const at = `resources[${i}]`;
    const { name, subresource } = partsOf(written);
    if (subresource === "*")
      report(at, `${quoted(written)} is no pattern and matches no subresource`, patternHint(name));
    else if (isAboutResources && known.length > 0 && isAll(known))
      checkResource(written, at, names!, known, groups, report);
  });
  if (known.length > 0 && isAll(known)) checkVerbs(verbs!, report);
}

function isAll(groups: readonly (Group | undefined)[]): groups is readonly Group[] {
  return groups.every((group) => group !== undefined);
}

function checkVerbs(verbs: readonly string[], report: Report): void {
  verbs.forEach((verb, i) => {
    // Rights of constrained impersonation and of drivers of devices: impersonate:user-info, associated-node:update.
    if (verb === "*" || verb.includes(":") || VERBS.includes(verb)) return;
    report(`verbs[${i}]`, `no request has the verb ${quoted(verb)}`, suggest(verb, VERBS));
  });
}

function checkUrlVerbs(verbs: readonly string[], report: Report): void {
  verbs.forEach((verb, i) => {
    if (verb === "*" || URL_VERBS.includes(verb)) return;
    const meant = Object.hasOwn(URL_VERB_OF, verb) ? URL_VERB_OF[verb] : undefined;
    const hint = meant === undefined ? suggest(verb, URL_VERBS) : `write ${meant}, the method of HTTP`;
    report(`verbs[${i}]`, `no request for a URL has the verb ${quoted(verb)}`, hint);
  });
}

function patternHint(name: string): string {
  return `name the subresources, ${quoted(`${name}/status`)} for one; "*" is every resource with all of its subresources, "*/scale" one subresource of each`;
}

function checkResource(
  written: string,
  at: string,
  names: readonly string[],
  known: readonly Group[],
  groups: Groups,
  report: Report,
): void {
  if (known.some((group) => hasResource(group, written))) return;
  const { name, subresource } = partsOf(written);
  const shown = names.map((group) => (group === "" ? 'the core group ""' : quoted(group))).join(" or ");
  const owner = known.find((group) => group.has(name));
  if (owner !== undefined && subresource !== undefined) {
    const subresources = owner.get(name)!.subresources;
    const hint =
      subresources.length === 0 ? `${name} has no subresources` : suggest(subresource, subresources);
    report(at, `${name} of ${shown} has no subresource ${quoted(subresource)}`, hint);
    return;
  }
  if (name === "*" && subresource !== undefined) {
    const all = new Set(known.flatMap((group) => [...group.values()].flatMap((r) => r.subresources)));
    report(at, `no resource of ${shown} has a subresource ${quoted(subresource)}`, suggest(subresource, all));
    return;
  }
  const elsewhere = [...groups].filter(([, group]) => hasResource(group, written)).map(([group]) => group);
  const hint =
    elsewhere.length > 0
      ? `write apiGroups: [${elsewhere.map((group) => JSON.stringify(group)).join("] or [")}] for ${written}`
      : nearResource(name, known);
  report(at, `${shown} has no resource ${quoted(written)} in Kubernetes 1.36`, hint);
}

/** Short names of kubectl are no names of the API: `deploy` is deployments. */
function nearResource(name: string, known: readonly Group[]): string {
  const word = name.toLowerCase();
  const all = known.flatMap((group) => [...group]);
  const short = all.find(([, { shortNames }]) => shortNames.includes(word));
  if (short) return `write ${short[0]}: rules have no short names`;
  const plurals = [`${word}s`, `${word}es`, word.replace(/y$/, "ies")];
  const plural = all.find(([resource]) => plurals.includes(resource));
  if (plural) return `write ${plural[0]}: rules name resources in the plural, in lower case`;
  return suggest(
    word,
    all.map(([resource]) => resource),
  );
}

/** The built-in group that was meant by one that is not: near in spelling, and with a resource that the rule names. */
function meantGroup(name: string, resources: readonly string[], groups: Groups): string | undefined {
  if (groups.has(name) || name === "*") return undefined;
  return [...groups.keys()].find(
    (group) =>
      isNearGroup(name.toLowerCase(), group) &&
      resources.some((resource) => resource !== "*" && hasResource(groups.get(group)!, resource)),
  );
}

/** Also a version after it, the first part alone, and a `.k8s.io` too many. */
function isNearGroup(name: string, group: string): boolean {
  if (group === "") return /^(core|v1|core\/v1)$/.test(name);
  const bare = name.replace(/\/v\d\w*$/, "");
  if (bare === group || bare === `${group}.k8s.io` || bare === group.split(".")[0]) return true;
  const [parts, others] = [bare.split("."), group.split(".")];
  return (
    parts.length === others.length && parts.every((part, i) => nearest(part, [others[i]!]) !== undefined)
  );
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).map(textOf);
}
