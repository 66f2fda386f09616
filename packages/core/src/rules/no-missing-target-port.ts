import { suggest } from "../did-you-mean.ts";
import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { declaredPorts } from "./references/declared-ports.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { relatedTo } from "./references/missing-object.ts";
import { namespaceOf } from "./references/namespace-of.ts";
import type { PodTemplate } from "./references/pod-templates.ts";
import { mapRequirements } from "./references/selectors.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-missing-target-port";

/** A port of a Service that leads to none that its pods declare. */
export const noMissingTargetPort: Rule = {
  code: CODE,
  check(inventory) {
    const { ofKind, pods, isPartial } = setIndex(inventory);
    return ofKind("Service").flatMap((service) => {
      if (apiGroup(textOf(service.apiVersion)) !== "" || isPartial(service)) return [];
      const spec = fieldsOf(service.spec);
      const requirements = spec.type === "ExternalName" ? undefined : mapRequirements(spec.selector);
      if (requirements === undefined) return [];
      const namespace = namespaceOf(service);
      const selected = pods().select(namespace, requirements);
      // What is there as a patch may declare any port.
      if (selected.length === 0 || pods().mightSelect(namespace, requirements)) return [];
      return listOf(spec.ports).flatMap((port, i) =>
        portFinding(inventory, service, fieldsOf(port), i, selected),
      );
    });
  },
};

function portFinding(
  inventory: Inventory,
  service: Resource,
  port: Fields,
  index: number,
  selected: readonly PodTemplate[],
): Finding[] {
  const wanted = port.targetPort ?? port.port;
  const protocol = textOf(port.protocol) || "TCP";
  const declared = selected.flatMap(declaredPorts).filter((p) => p.protocol === protocol);
  const owner = formatRef(refOf(selected[0]!.owner));
  const pods = selected.length === 1 ? owner : `${owner} and ${selected.length - 1} more`;
  const path = formatPath(["spec", "ports", index, port.targetPort === undefined ? "port" : "targetPort"]);
  const related = [relatedTo(inventory, selected[0]!.owner, "it selects these pods")];
  const about = (severity: "error" | "warning", problem: string, hint: string): Finding[] => [
    {
      ...findingAbout(service, inventory.locate, {
        code: CODE,
        severity,
        message: `${formatRef(refOf(service))}: ${problem}`,
        hint,
        path,
      }),
      related,
    },
  ];
  if (typeof wanted === "string" && wanted !== "") {
    if (declared.some((p) => p.name === wanted)) return [];
    const names = [...new Set(declared.map((p) => p.name).filter((name) => name !== ""))];
    return about(
      "error",
      `no container of ${pods} declares a ${protocol} port named "${wanted}": the port has no endpoints`,
      names.length === 0
        ? `name a ${protocol} port of the container "${wanted}", or write its number`
        : suggest(wanted, names),
    );
  }
  if (typeof wanted !== "number" || declared.length === 0) return [];
  if (declared.some((p) => p.number === wanted)) return [];
  const numbers = [...new Set(declared.map((p) => p.number))];
  return about(
    "warning",
    `no container of ${pods} declares ${protocol} port ${wanted}`,
    `they declare ${numbers.slice(0, NUMBERS_SHOWN).join(", ")}; if one listens on ${wanted} all the same, declare it`,
  );
}

const NUMBERS_SHOWN = 12;
