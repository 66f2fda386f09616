import type { Resource } from "@ashlar/core";
import { type Random, randomFrom } from "../policies/random.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const STRINGS: readonly string[] = [
  "",
  "a",
  "A",
  "web",
  "no_underscore",
  "-a",
  "a.b",
  "a/b",
  "80",
  "1",
  "Always",
  "Never",
  "None",
  "none",
  "TCP",
  "tcp",
  "In",
  "Exists",
  "Gt",
  "config",
  "scratch",
  "data",
  "0.5",
  "1Gi",
  "50%",
  "150%",
  "10.0.0.1",
  "010.0.0.1",
  "2001:db8::1",
  "../x",
  "/x/../y",
  "..x",
  "*.example.com",
  "example.com",
  "x".repeat(64),
  "x".repeat(254),
  "ClusterIP",
  "NodePort",
  "ExternalName",
  "Local",
  "Unconfined",
  "Recreate",
  "OnDelete",
  "metadata.name",
  "metadata.labels['app']",
  "metadata.annotations['A']",
  "limits.memory",
];
const NUMBERS: readonly number[] = [
  0, 1, -1, 2, 5, 80, 100, 101, 255, 511, 512, 8080, 30443, 65535, 65536, 2147483647,
];
const QUANTITIES: readonly Json[] = [
  "0",
  "-1",
  "1",
  1,
  "100m",
  "0.0001",
  "1Ki",
  "999999Gi",
  "1e3",
  "1.5",
  "x",
  "1 Gi",
];
/** Fields that hold quantities, which are decoded and not validated when they cannot be read. */
const QUANTITY =
  /^(cpu|memory|example\.com\/gpu|capacity|maximumVolumeSize|ephemeral-storage|storage|divisor|sizeLimit|averageValue|tolerance|pods|requests\.cpu)$/;
/** Fields that hold base64, times or other forms that the decoder reads, or certificates, CEL and schemas, whose insides we do not read. */
const DECODED =
  /^(apiVersion|kind|creationTimestamp|password|icon|ca\.crt|caBundle|acquireTime|renewTime|eventTime|firstTimestamp|lastTimestamp|lastObservedTime|request|expression|valueExpression|messageExpression|openAPIV3Schema|selectableFields)$/;

/**
 * Objects made from right ones by one to three changes of values that leave their structure right: a value replaced by
 * another of its type, a field or an entry of a list removed, an entry doubled, a list or mapping emptied.
 */
export function mutated(right: readonly Resource[], seed: number, count: number): readonly Resource[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => {
    const object = structuredClone(right[i % right.length]!) as unknown as JsonObject;
    const changes = random.pick([1, 1, 1, 2, 3]);
    for (let change = 0; change < changes; change++) mutate(object, random);
    return object as unknown as Resource;
  });
}

interface Site {
  readonly holder: Json[] | JsonObject;
  readonly key: string | number;
  readonly field: string;
}

function mutate(object: JsonObject, random: Random): void {
  const sites: Site[] = [];
  const visit = (holder: Json, field: string): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      const name = typeof key === "string" ? key : field;
      if ((holder === object || name === "openAPIV3Schema") && DECODED.test(name)) continue;
      sites.push({ holder, key, field: name });
      visit((holder as JsonObject)[key]!, name);
    }
  };
  visit(object, "");
  const open = sites.filter((site) => !DECODED.test(site.field));
  if (open.length === 0) return; // earlier changes removed all
  const { holder, key, field } = random.pick(open);
  const list = Array.isArray(holder) ? holder : undefined;
  const value = (holder as JsonObject)[key]!;
  if (list && random.chance(0.3)) {
    if (random.chance(0.5)) list.splice(Number(key), 1);
    else list.push(structuredClone(list[Number(key)]!));
  } else if (!list && random.chance(0.2)) delete (holder as JsonObject)[key];
  else if (!list && random.chance(0.1) && isTextMap(value))
    (value as JsonObject)[random.pick(STRINGS)] = random.pick(STRINGS);
  else (holder as JsonObject)[key] = another(value, field, random);
}

function isTextMap(value: Json): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).some((key) => /[./]/.test(key) || ["app", "tier", "team"].includes(key))
  );
}

function another(value: Json, field: string, random: Random): Json {
  if (QUANTITY.test(field) && typeof value !== "object") return random.pick(QUANTITIES);
  if (typeof value === "string") {
    const turned = random.pick([
      value.toUpperCase(),
      value.toLowerCase(),
      `${value}-`,
      ` ${value}`,
      `${value}_x`,
    ]);
    return random.chance(0.2) ? turned : random.pick(STRINGS);
  }
  // Of dry runs the server does not hold node ports against their range.
  if (field === "nodePort") return random.pick([0, 30080, 30081, 30443, 32767]);
  if (typeof value === "number") return random.pick(NUMBERS);
  if (typeof value === "boolean") return !value;
  if (value === null) return null;
  if (random.chance(0.3)) return null;
  return Array.isArray(value) ? [] : {};
}
