import { SYSTEM_NAMESPACES } from "../environments.ts";
import { formatPath, type PathSegment } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import type { Requirement } from "../labels.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { type Labelled, labelShelf } from "./references/label-shelf.ts";
import { nearNames } from "./references/near-names.ts";
import { fieldsMeet, formatRequirement, mightMeet, selectorRequirements } from "./references/selectors.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-selector-without-namespaces";
/** The label that every namespace has by itself, with its name as the value. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** A namespaceSelector of a NetworkPolicy or webhook that selects no namespace of the set. */
export const noSelectorWithoutNamespaces: Rule = {
  code: CODE,
  check(inventory) {
    const { locate, whole = false, assume = [] } = inventory;
    const { ofKind, isPartial } = setIndex(inventory);
    const namespaces = labelsOfNamespaces(ofKind("Namespace"));
    if (namespaces.length === 0 || assume.some((entry) => /^namespace\//i.test(entry))) return [];
    const open = inventory.partial ? labelsOfNamespaces(ofKind("Namespace").filter(isPartial)) : [];
    const all = labelShelf<Labelled>();
    for (const labels of namespaces) all.put({ labels });
    for (const name of SYSTEM_NAMESPACES) all.put({ labels: { [NAME_LABEL]: name } });
    const near = nearNames();
    const valuesOf = (key: string) => {
      const values = all.valuesOf(key);
      return { count: values.size, list: () => values };
    };
    const someMeet = (requirements: readonly Requirement[]) =>
      all.candidates(requirements).some(({ labels }) => requirements.every((r) => fieldsMeet(labels, r)));
    // One answer for all objects with that selector: namespaces and near words are many.
    const answers = new Map<string, Answer>();
    const answerTo = (requirements: readonly Requirement[]): Answer => {
      if (someMeet(requirements)) return { selects: true };
      const alone = requirements.find((r) => !someMeet([r]));
      const value = alone?.values[0];
      const nearValue = alone && value !== undefined ? near(value, valuesOf(alone.key)) : undefined;
      const mightBe = open.some((labels) => requirements.every((r) => mightMeet(labels, r)));
      return {
        selects: false,
        mightBe,
        ...(nearValue !== undefined && { near: `${alone?.key}=${nearValue}` }),
      };
    };
    return KINDS.flatMap(ofKind).flatMap((resource) =>
      selectorsOf(resource).flatMap(({ selector, path }): Finding[] => {
        const requirements = selectorRequirements(selector);
        if (requirements === undefined) return [];
        const text = requirements.map(formatRequirement).join(",");
        const answer = answers.get(text) ?? answerTo(requirements);
        answers.set(text, answer);
        if (answer.selects) return [];
        // Namespaces that a set does not hold, or not whole, may have the label: only a near word tells a mistake.
        const isCertain = whole && !answer.mightBe;
        if (!isCertain && answer.near === undefined) return [];
        return [
          findingAbout(resource, locate, {
            code: CODE,
            severity: isCertain ? "error" : "warning",
            message: `${formatRef(refOf(resource))}: no namespace of the set has the labels ${text}`,
            hint:
              answer.near === undefined
                ? "label the namespaces that are meant, or write labels that they have"
                : `did you mean ${answer.near}?`,
            path: formatPath(path),
          }),
        ];
      }),
    );
  },
};

/** `near`: the label that is nearest to the one that no namespace has. */
type Answer =
  | { readonly selects: true }
  | { readonly selects: false; readonly mightBe: boolean; readonly near?: string };

function labelsOfNamespaces(resources: readonly Resource[]): Fields[] {
  return resources
    .filter((r) => apiGroup(textOf(r.apiVersion)) === "")
    .map(({ metadata }) => {
      const { name, labels } = fieldsOf(metadata);
      return { [NAME_LABEL]: name, ...fieldsOf(labels) };
    });
}

const KINDS = ["NetworkPolicy", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;

interface NamespaceSelector {
  readonly selector: unknown;
  readonly path: readonly PathSegment[];
}

function selectorsOf(resource: Resource): NamespaceSelector[] {
  const spec = fieldsOf(resource.spec);
  switch (`${apiGroup(textOf(resource.apiVersion))}/${textOf(resource.kind)}`) {
    case "networking.k8s.io/NetworkPolicy":
      return (
        [
          ["ingress", "from"],
          ["egress", "to"],
        ] as const
      ).flatMap(([direction, peers]) =>
        listOf(spec[direction]).flatMap((rule, i) =>
          listOf(fieldsOf(rule)[peers]).map((peer, j) => ({
            selector: fieldsOf(peer).namespaceSelector,
            path: ["spec", direction, i, peers, j, "namespaceSelector"],
          })),
        ),
      );
    case "admissionregistration.k8s.io/MutatingWebhookConfiguration":
    case "admissionregistration.k8s.io/ValidatingWebhookConfiguration":
      return listOf(resource.webhooks).map((webhook, i) => ({
        selector: fieldsOf(webhook).namespaceSelector,
        path: ["webhooks", i, "namespaceSelector"],
      }));
    default:
      return [];
  }
}
