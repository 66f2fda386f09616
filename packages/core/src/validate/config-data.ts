import { isRecord } from "../json.ts";
import { base64Text } from "../read-yaml/base64.ts";
import { entryOf, type Fields, fieldsOf, keysOf, textMapOf, textOf } from "./fields.ts";
import { checkConfigKey } from "./name-forms.ts";
import { utf8Length } from "./object-meta.ts";
import { missing, quoted, type Report } from "./report.ts";

const MAX_BYTES = 1024 * 1024;
const ACCOUNT_NAME = "kubernetes.io/service-account.name";

/** Reports what the API server refuses in a ConfigMap beyond its metadata. */
export function checkConfigMap(configMap: Fields, report: Report): void {
  const data = textMapOf(configMap, "data") ?? {};
  const binary = textMapOf(configMap, "binaryData") ?? {};
  let bytes = 0;
  for (const key in data) {
    checkConfigKey(key, `data[${key}]`, report);
    if (Object.hasOwn(binary, key))
      report(`data[${key}]`, `${quoted(key)} is in binaryData too`, "leave it in one of them");
    bytes += utf8Length(data[key]!);
  }
  for (const key in binary) {
    checkConfigKey(key, `binaryData[${key}]`, report);
    bytes += base64Bytes(binary[key]!);
  }
  if (bytes > MAX_BYTES)
    report(
      "",
      `a ConfigMap holds at most ${MAX_BYTES} bytes, not ${bytes}`,
      "split it, or keep large files in a volume or an image",
      { where: "data" },
    );
}

function base64Bytes(text: string): number {
  const bare = text.replace(/[\r\n]/g, "");
  const padding = bare.endsWith("==") ? 2 : bare.endsWith("=") ? 1 : 0;
  return (bare.length / 4) * 3 - padding;
}

/** Keys that a type of Secret cannot do without. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** Reports what the API server refuses in a Secret beyond its metadata (core ValidateSecret). */
export function checkSecret(secret: Fields, report: Report): void {
  const data = textMapOf(secret, "data") ?? {};
  const strings = textMapOf(secret, "stringData") ?? {};
  const places = new Map<string, string>();
  for (const key of keysOf(secret, "data")) places.set(key, `data[${key}]`);
  for (const key of keysOf(secret, "stringData")) places.set(key, `stringData[${key}]`);
  let bytes = 0;
  for (const [key, where] of places) {
    const string = entryOf(strings, key);
    checkConfigKey(key, `data[${key}]`, (path, message, hint) => report(path, message, hint, { where }));
    bytes += string === undefined ? base64Bytes(data[key] ?? "") : utf8Length(string);
  }
  if (bytes > MAX_BYTES)
    report("data", `a Secret holds at most ${MAX_BYTES} bytes, not ${bytes}`, "split it");
  const text = (key: string) => entryOf(strings, key) ?? base64Text(entryOf(data, key) ?? "");
  checkType(secret, textOf(secret, "type"), places, text, report);
}

function checkType(
  secret: Fields,
  type: string,
  places: ReadonlyMap<string, string>,
  text: (key: string) => string | undefined,
  report: Report,
): void {
  const need = (key: string) =>
    missing(report, `data[${key}]`, `a Secret of type ${type} has a key ${key}`, "type");
  const required = Object.hasOwn(REQUIRED_KEYS, type) ? REQUIRED_KEYS[type]! : [];
  for (const key of required) if (!places.has(key)) need(key);
  const [file] = required;
  if (
    type.startsWith("kubernetes.io/dockerc") &&
    file !== undefined &&
    places.has(file) &&
    !isJsonObject(text(file))
  )
    report(
      `data[${file}]`,
      "it is not a JSON object",
      'write { "auths": { … } } as JSON, in base64 or below stringData',
      {
        where: places.get(file)!,
      },
    );
  if (type === "kubernetes.io/basic-auth" && !places.has("username") && !places.has("password")) {
    need("username");
    need("password");
  }
  if (type === "kubernetes.io/ssh-auth" && !text("ssh-privatekey")) need("ssh-privatekey");
  if (type === "kubernetes.io/service-account-token") {
    const account = entryOf(textMapOf(fieldsOf(secret, "metadata") ?? {}, "annotations"), ACCOUNT_NAME);
    if (!account)
      missing(report, `metadata.annotations[${ACCOUNT_NAME}]`, "write the ServiceAccount's name there");
  }
}

function isJsonObject(text: string | undefined): boolean {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return value === null || isRecord(value);
  } catch {
    return false;
  }
}
