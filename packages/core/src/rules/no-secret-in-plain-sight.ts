import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { isRecord } from "../json.ts";
import { formatRef, type Resource, refOf } from "../resource.ts";
import { namedCredential, textCredential } from "./plain-secrets/credentials.ts";
import { LAST_APPLIED, type PlainText, plainTexts } from "./plain-secrets/places.ts";
import { fieldsOf } from "./references/json-values.ts";

const CODE = "core/no-secret-in-plain-sight";

/** A credential written where everybody who may read the object, its file or its process list sees it. Never prints it. */
export const noSecretInPlainSight: Rule = {
  code: CODE,
  check: (inventory) => inventory.resources.flatMap((resource) => leaks(inventory, resource)),
};

function leaks({ locate }: Inventory, resource: Resource): Finding[] {
  const findings: Finding[] = [];
  for (const plain of plainTexts(resource)) {
    const what = credentialIn(plain);
    if (what === undefined) continue;
    findings.push(
      findingAbout(resource, locate, {
        code: CODE,
        severity: "error",
        message: `${formatRef(refOf(resource))}: ${plain.place()} holds ${what}`,
        hint: remedy(plain),
        path: formatPath(plain.path()),
      }),
    );
  }
  const copied = lastAppliedLeak(resource, findings.length > 0);
  if (copied === undefined) return findings;
  const path = formatPath(["metadata", "annotations", LAST_APPLIED]);
  const hint =
    "apply it with --server-side, which keeps no copy, and remove the annotation; then change the credential";
  // Who may read a Secret reads its values anyway; the copy is one more place that they are in.
  const severity = resource.kind === "Secret" ? "warning" : "error";
  const message = `${formatRef(refOf(resource))}: the annotation ${LAST_APPLIED} holds ${copied}`;
  return [...findings, findingAbout(resource, locate, { code: CODE, severity, message, hint, path })];
}

function credentialIn({ text, name }: PlainText): string | undefined {
  const named = name === undefined ? undefined : namedCredential(name, text);
  return named ?? textCredential(text);
}

/** The copy of a Secret's values, or a credential that the object itself no longer holds. */
function lastAppliedLeak(resource: Resource, alreadyTold: boolean): string | undefined {
  const text = fieldsOf(fieldsOf(resource.metadata).annotations)[LAST_APPLIED];
  const applied = typeof text === "string" ? parse(text) : undefined;
  if (applied === undefined) return undefined;
  if (resource.kind === "Secret") {
    const values = [applied.data, applied.stringData].flatMap((map) => Object.values(fieldsOf(map)));
    return values.some((value) => typeof value === "string" && value !== "")
      ? "the Secret's values"
      : undefined;
  }
  if (alreadyTold) return undefined;
  return plainTexts(applied as Resource)
    .map(credentialIn)
    .find((what) => what !== undefined);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function remedy({ in: holder, name }: PlainText): string {
  const change = "then change it: it has been read";
  if (holder === "env") return `take it from a Secret: valueFrom.secretKeyRef in place of value; ${change}`;
  if (holder === "words")
    return `put it into a Secret, mount it or set it as a variable, and name that here: $(NAME) or the file; ${change}`;
  return `keep ${holder === "data" ? `"${name}"` : "it"} in a Secret; ${change}`;
}
