import { show } from "../../keycloak/check/report.ts";
import { isBuiltIn } from "./built-in.ts";
import type { RealmFieldChange } from "./field-changes.ts";
import { formatId, printable, word } from "./format-id.ts";
import type { RealmPlan } from "./plan-realm.ts";
import type { RealmChange } from "./realm-diff.ts";
import type { RealmObjectId } from "./realm-parts.ts";

const SIGNS = { create: "+", update: "~", delete: "-" } as const;
const LONGEST = 200;

/**
 * A plan as text: what each change means, one a line, without a secret.
 *
 * @example
 * realm platform: 2 changes
 *   ~ client kubernetes: redirect URI "https://logs.k8s.strix.kr/oauth2/callback" added
 *   + members of group developer get client role kubernetes/developer
 */
export function formatRealmPlan(plan: RealmPlan): string {
  const { changes, foreign, unchecked } = plan;
  const count = changes.length === 1 ? "1 change" : `${changes.length || "no"} changes`;
  const newRealm = changes.some(({ op, kind }) => op === "create" && kind === "realm");
  const told = newRealm
    ? changes.filter(({ kind, id }) => kind === "realm" || !isBuiltIn(plan.realm, id))
    : changes;
  const others = changes.length - told.length;
  return [
    `realm ${word(plan.realm)}: ${count}`,
    ...told.map((change) => `  ${SIGNS[change.op]} ${meaning(change, plan.realm)}`),
    ...(others > 0
      ? [`  + Keycloak's own clients and roles, as the file has them: ${others} of the changes`]
      : []),
    ...section("in Keycloak and in no file, left alone:", foreign.map(formatId)),
    ...section(
      "not compared, for the value is a secret:",
      unchecked.map(({ id, path }) => `${path} of ${formatId(id)}`),
    ),
  ]
    .map(printable)
    .join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, ...lines.map((line) => `    ${line}`)] : [];
}

function meaning(change: RealmChange, realm: string): string {
  const { op, kind, id, fields } = change;
  if (change.roles) return roleMeaning(change, roleList(change.roles));
  const what = kind === "realm" && op === "create" ? `realm ${word(realm)}` : formatId(id);
  if (op === "delete") return `${what} is deleted${LOST[kind] ?? ""}`;
  // What is new is told by what it has.
  const told = op === "create" ? fields.filter(({ path, to }) => !NAMES.has(path) && to !== false) : fields;
  const details = told.flatMap((field) => fieldMeaning(field));
  return details.length > 0 ? `${what}: ${details.join("; ")}` : what;
}

/** The name is in the object's own already. */
const NAMES = new Set(["alias", "clientId", "name", "protocol"]);

/** What goes with an object. */
const LOST: Readonly<Partial<Record<RealmChange["kind"], string>>> = {
  client: ", with its roles and its users' sessions",
  "client-role": ": everybody loses it",
  group: ", with its sub-groups: its members lose what it gives",
  role: ": everybody loses it",
};

function roleMeaning({ op, kind, id }: RealmChange, roles: string): string {
  const owner = formatId(id);
  const come = op === "create";
  switch (kind) {
    case "composite":
      return come ? `whoever has ${owner} gets ${roles}` : `${owner} no longer brings ${roles}`;
    case "group-role":
      return `members of ${owner} ${come ? "get" : "lose"} ${roles}`;
    default:
      return `tokens of ${owner} may ${come ? "have" : "no longer have"} ${roles}`;
  }
}

/** `role a, client roles kubernetes/{b, c}` */
function roleList(roles: readonly RealmObjectId[]): string {
  const byOwner = new Map<string, RealmObjectId[]>();
  for (const role of roles) {
    const owner = role[0] === "clients" ? (role[1] ?? "") : "";
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), role]);
  }
  return [...byOwner.values()]
    .map((ids) => {
      const [first = []] = ids;
      if (ids.length === 1) return formatId(first);
      const names = ids.map((id) => word(id.at(-1))).join(", ");
      return first[0] === "clients" ? `client roles ${word(first[1])}/{${names}}` : `roles ${names}`;
    })
    .join(", ");
}

const LISTS: Readonly<Record<string, string>> = { redirectUris: "redirect URI", webOrigins: "web origin" };

function fieldMeaning({ path, from, to, secret }: RealmFieldChange): string[] {
  if (secret) return [`${path} changed${typeof to === "string" ? ` to ${to}` : ""} (a secret)`];
  if (isTexts(from) || isTexts(to)) {
    const [old, fresh] = [isTexts(from) ? from : [], isTexts(to) ? to : []];
    const name = LISTS[path] ?? path;
    return [
      ...fresh.filter((one) => !old.includes(one)).map((one) => `${name} ${show(one)} added`),
      ...old.filter((one) => !fresh.includes(one)).map((one) => `${name} ${show(one)} removed`),
    ];
  }
  if (from === undefined) return [to === true ? path : `${path} = ${value(to)}`];
  return [`${path}: ${value(from)} → ${to === undefined ? "nothing" : value(to)}`];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
}

function value(of: unknown): string {
  const text = JSON.stringify(of);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
