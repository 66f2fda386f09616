import { isRecord, type PathSegment, suggest } from "@ashlar/core";
import {
  CLIENT_FIELDS,
  CLIENT_SCOPE_FIELDS,
  type FieldForm,
  type Fields,
  GROUP_FIELDS,
  MAPPER_FIELDS,
  PARTIAL_IMPORT_FIELDS,
  REALM_FIELDS,
  REQUIRED_ACTION_FIELDS,
  ROLE_FIELDS,
  SCOPE_MAPPING_FIELDS,
  USER_FIELDS,
} from "./fields.ts";
import { entriesOf, field, recordsAt, show, type Tell } from "./report.ts";

const CODE = "iam/valid-realm";
/** Groups in groups in groups: deeper ones are not looked at. */
const MOST_LEVELS = 32;

type Path = readonly PathSegment[];

/** Fields that Keycloak does not know, and values that it cannot read: it answers 400, or does not start. */
export function checkStructure(
  realm: Readonly<Record<string, unknown>>,
  isPartial: boolean,
  tell: Tell,
): void {
  checkFields(realm, [], isPartial ? PARTIAL_IMPORT_FIELDS : REALM_FIELDS, tell);
  for (const { item, at } of objects(realm.clients, ["clients"], CLIENT_FIELDS, tell))
    checkMappers(item, at, tell);
  for (const { item, at } of objects(realm.clientScopes, ["clientScopes"], CLIENT_SCOPE_FIELDS, tell))
    checkMappers(item, at, tell);
  checkRoles(realm.roles, tell);
  if (realm.defaultRole !== undefined && realm.defaultRole !== null)
    checkObject(realm.defaultRole, ["defaultRole"], ROLE_FIELDS, tell);
  checkGroups(realm.groups, ["groups"], 0, tell);
  objects(realm.users, ["users"], USER_FIELDS, tell);
  objects(realm.requiredActions, ["requiredActions"], REQUIRED_ACTION_FIELDS, tell);
  objects(realm.scopeMappings, ["scopeMappings"], SCOPE_MAPPING_FIELDS, tell);
  for (const [client, mappings] of entriesOf(realm.clientScopeMappings))
    objects(mappings, ["clientScopeMappings", client], SCOPE_MAPPING_FIELDS, tell);
}

function checkRoles(roles: unknown, tell: Tell): void {
  if (roles === undefined || roles === null) return;
  if (!isRecord(roles)) {
    tell(
      CODE,
      "error",
      ["roles"],
      `roles: expected an object with realm and client, found ${kind(roles)}`,
      'write { "realm": [ … ] }',
    );
    return;
  }
  for (const key of Object.keys(roles))
    if (!["realm", "client", "application"].includes(key))
      tell(CODE, "error", ["roles", key], `unknown field ${show(key)}`, suggest(key, ["realm", "client"]));
  const lists: [Path, unknown][] = [[["roles", "realm"], roles.realm]];
  const { client } = roles;
  if (client !== undefined && client !== null && !isRecord(client))
    wrongForm(["roles", "client"], client, "an object: client → list of its roles", tell);
  for (const [id, list] of entriesOf(client)) lists.push([["roles", "client", id], list]);
  for (const [path, list] of lists) {
    if (list !== undefined && list !== null && !Array.isArray(list))
      wrongForm(path, list, "a list of roles", tell);
    for (const { item, at } of objects(list, path, ROLE_FIELDS, tell)) {
      const { composites } = item;
      if (composites === undefined || composites === null) continue;
      const here = [...at, "composites"];
      if (!isRecord(composites)) wrongForm(here, composites, "an object with realm and client", tell);
      checkForm(field(composites, "realm"), "texts", [...here, "realm"], tell);
      checkForm(field(composites, "client"), "lists", [...here, "client"], tell);
      for (const [key] of entriesOf(composites))
        if (!["realm", "client", "application"].includes(key))
          tell(
            CODE,
            "error",
            [...here, key],
            `unknown field ${show(key)}`,
            suggest(key, ["realm", "client"]),
          );
    }
  }
}

function checkGroups(groups: unknown, path: Path, level: number, tell: Tell): void {
  for (const { item, at } of objects(groups, path, GROUP_FIELDS, tell))
    if (level < MOST_LEVELS) checkGroups(item.subGroups, [...at, "subGroups"], level + 1, tell);
}

function checkMappers(owner: Readonly<Record<string, unknown>>, path: Path, tell: Tell): void {
  for (const { item, at } of objects(
    owner.protocolMappers,
    [...path, "protocolMappers"],
    MAPPER_FIELDS,
    tell,
  ))
    for (const key of ["name", "protocol", "protocolMapper"])
      if (item[key] === undefined || item[key] === null || item[key] === "")
        tell(
          CODE,
          "error",
          [...at, key],
          `a protocol mapper needs its ${key}`,
          `write "${key}": ${MAPPER_EXAMPLE[key]}`,
        );
}

const MAPPER_EXAMPLE: Readonly<Record<string, string>> = {
  name: '"groups"',
  protocol: '"openid-connect"',
  protocolMapper: '"oidc-usermodel-client-role-mapper"',
};

/** The objects of a list that are objects, each checked; the others are findings. */
function objects(value: unknown, path: Path, fields: Fields, tell: Tell): ReturnType<typeof recordsAt> {
  if (Array.isArray(value))
    value.forEach((item: unknown, i) => {
      checkObject(item, [...path, i], fields, tell);
    });
  return recordsAt(value, path);
}

function checkObject(value: unknown, path: Path, fields: Fields, tell: Tell): void {
  if (isRecord(value)) checkFields(value, path, fields, tell);
  else wrongForm(path, value, "an object", tell);
}

function checkFields(value: Readonly<Record<string, unknown>>, path: Path, fields: Fields, tell: Tell): void {
  for (const [key, inner] of Object.entries(value)) {
    const form = fields.get(key);
    if (form === undefined)
      tell(
        CODE,
        "error",
        [...path, key],
        `unknown field ${show(key)}: Keycloak refuses the file`,
        suggest(key, fields.keys()),
      );
    else checkForm(inner, form, [...path, key], tell);
  }
}

const EXPECTED: Readonly<Record<FieldForm, string>> = {
  text: "a text",
  flag: "true or false",
  number: "a whole number",
  texts: "a list of texts",
  map: "an object of texts",
  lists: "an object of lists of texts",
  objects: "a list of objects",
  other: "anything",
};

function checkForm(value: unknown, form: FieldForm, path: Path, tell: Tell): void {
  if (value === null || value === undefined) return;
  if (form === "texts" && Array.isArray(value))
    value.forEach((item: unknown, i) => {
      if (typeof item === "object" && item !== null) wrongForm([...path, i], item, "a text", tell);
    });
  else if (form === "map" && isRecord(value)) {
    for (const [key, inner] of Object.entries(value))
      if (typeof inner === "object" && inner !== null) wrongForm([...path, key], inner, "a text", tell);
  } else if (form === "lists" && isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) checkForm(inner, "texts", [...path, key], tell);
  } else if (!hasForm(value, form)) wrongForm(path, value, EXPECTED[form], tell);
}

function hasForm(value: unknown, form: FieldForm): boolean {
  switch (form) {
    case "text":
      return typeof value !== "object";
    case "flag":
      return (
        typeof value === "boolean" ||
        Number.isInteger(value) ||
        (typeof value === "string" && /^\s*(true|false|True|False|TRUE|FALSE|)\s*$/.test(value))
      );
    case "number":
      return typeof value === "number"
        ? Math.abs(value) < 2 ** 31
        : typeof value === "string" && /^\s*([+-]?\d{1,10})?\s*$/.test(value);
    case "objects":
    case "texts":
      return Array.isArray(value);
    case "map":
    case "lists":
      return isRecord(value);
    case "other":
      return true;
  }
}

function wrongForm(path: Path, value: unknown, expected: string, tell: Tell): void {
  tell(
    CODE,
    "error",
    path,
    `${path.at(-1)}: expected ${expected}, found ${kind(value)}`,
    `write ${expected}`,
  );
}

function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `the text ${show(value)}` : String(value);
}
