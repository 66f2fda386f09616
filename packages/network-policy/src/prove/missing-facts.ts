import { formatRef, type Related } from "@ashlar/core";
import { formatLabel, narrowedAddress } from "./describe-flow.ts";
import { isWithin, noneOf } from "./domain.ts";
import type { Found, Question } from "./question.ts";
import { doubtOf, namespaceLabelOf, opaqueLabelOf, type Role } from "./reach-formula.ts";

/** What a counter-example supposes of facts that are not known, and how to make them known. */
export interface MissingFacts {
  readonly suppositions: readonly string[];
  readonly remedies: readonly string[];
  readonly related: readonly Related[];
}

/** Reads the suppositions off the box of an answer that is only `possible`. */
export function missingFacts(question: Question, found: Found): MissingFacts {
  const suppositions: string[] = [];
  const remedies = new Set<string>();
  const related: Related[] = [];
  for (const role of ["from", "to"] as const) {
    const { subject, addressUnknown } = question[role];
    if (addressUnknown && narrowedAddress(role, question, found.box, found.family)) {
      suppositions.push(`the ${senderOrReceiver(role)} gets such an address`);
      remedies.add("say which addresses pods get (podCidrs)");
    }
    if (subject.kind === "address") continue;
    const { name, invalid } = subject.namespace;
    for (const [variable, words] of found.box) {
      if (variable.startsWith(namespaceLabelOf(role, ""))) {
        const label = formatLabel(variable.slice(namespaceLabelOf(role, "").length), words);
        if (label === "") continue;
        suppositions.push(`namespace ${name} is ${label}`);
        remedies.add(`add the Namespace object of ${name} with all of its labels to the set`);
      } else if (variable.startsWith(opaqueLabelOf(role, "")) && !isWithin(noneOf(undefined), words)) {
        suppositions.push(`the ${senderOrReceiver(role)} is so labelled`);
        remedies.add("select pods by labels of their template, not by those that a controller adds");
      } else if (variable === doubtOf(role)) {
        for (const policy of invalid) {
          suppositions.push(`${formatRef(policy.ref)}, which cannot be read, lets it`);
          remedies.add(`correct ${formatRef(policy.ref)}, ${policy.path}: ${policy.message}`);
          related.push({ message: policy.message, subject: policy.ref, path: policy.path });
        }
      }
    }
  }
  return { suppositions, remedies: [...remedies], related };
}

function senderOrReceiver(role: Role): string {
  return role === "from" ? "sender" : "receiver";
}
