import { SYSTEM_NAMESPACES } from "../environments.ts";
import { formatPath, type PathSegment } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { nearNames } from "./references/near-names.ts";
import { fieldsMeet, formatRequirement, selectorRequirements } from "./references/selectors.ts";

const CODE = "core/no-selector-without-namespaces";
/** The label that every namespace has by itself, with its name as the value. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** A namespaceSelector of a NetworkPolicy or webhook that selects no namespace of the set. */
export const noSelectorWithoutNamespaces: Rule = {
  code: CODE,
  check({ resources, locate, whole = false, assume = [] }) {
    const namespaces = labelsOfNamespaces(resources);
    if (namespaces.length === 0 || assume.some((entry) => /^namespace\//i.test(entry))) return [];
    const all = [...namespaces, ...SYSTEM_NAMESPACES.map((name): Fields => ({ [NAME_LABEL]: name }))];
    const near = nearNames();
    const valuesOf = (key: string) => {
      const values = new Set(all.map((labels) => textOf(labels[key])).filter((value) => value !== ""));
      return { count: values.size, list: () => values };
    };
    const known = new Map<string, boolean>();
    return resources.flatMap((resource) =>
      selectorsOf(resource).flatMap(({ selector, path }): Finding[] => {
        const requirements = selectorRequirements(selector);
        if (requirements === undefined) return [];
        const text = requirements.map(formatRequirement).join(",");
        const selects =
          known.get(text) ?? all.some((labels) => requirements.every((r) => fieldsMeet(labels, r)));
        known.set(text, selects);
        if (selects) return [];
        const alone = requirements.find((r) => !all.some((labels) => fieldsMeet(labels, r)));
        const nearValue =
          alone?.values[0] === undefined ? undefined : near(alone.values[0], valuesOf(alone.key));
        // Of a partial set, namespaces that it does not hold may have the label: only a near word tells a mistake.
        if (!whole && nearValue === undefined) return [];
        return [
          findingAbout(resource, locate, {
            code: CODE,
            severity: whole ? "error" : "warning",
            message: `${formatRef(refOf(resource))}: no namespace of the set has the labels ${text}`,
            hint:
              nearValue === undefined
                ? "label the namespaces that are meant, or write labels that they have"
                : `did you mean ${alone?.key}=${nearValue}?`,
            path: formatPath(path),
          }),
        ];
      }),
    );
  },
};

function labelsOfNamespaces(resources: readonly Resource[]): Fields[] {
  return resources
    .filter((r) => r.kind === "Namespace" && apiGroup(textOf(r.apiVersion)) === "")
    .map(({ metadata }) => {
      const { name, labels } = fieldsOf(metadata);
      return { [NAME_LABEL]: name, ...fieldsOf(labels) };
    });
}

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
