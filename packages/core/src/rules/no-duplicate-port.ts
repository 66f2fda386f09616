import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { formatRef, refOf } from "../resource.ts";
import { type ContainerPort, declaredPorts } from "./references/declared-ports.ts";
import { relatedTo } from "./references/missing-object.ts";
import type { PodTemplate } from "./references/pod-templates.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-duplicate-port";

/** Two ports of one pod with the same number, or the same name. */
export const noDuplicatePort: Rule = {
  code: CODE,
  check: (inventory) =>
    setIndex(inventory)
      .templates()
      .flatMap((template) => duplicates(inventory, template)),
};

function duplicates(inventory: Inventory, template: PodTemplate): Finding[] {
  const ports = declaredPorts(template);
  if (ports.length < 2) return [];
  const numbers = new Map<string, ContainerPort>();
  const names = new Map<string, ContainerPort>();
  const subject = formatRef(refOf(template.owner));
  const finding = (port: ContainerPort, other: ContainerPort, problem: string, hint: string): Finding => ({
    ...findingAbout(template.owner, inventory.locate, {
      code: CODE,
      severity: "warning",
      message: `${subject}: ${problem} twice`,
      hint,
      path: formatPath(port.path),
    }),
    related: [relatedTo(inventory, template.owner, "the first one", formatPath(other.path))],
  });
  const findings: Finding[] = [];
  for (const port of ports) {
    const number = `${port.number}/${port.protocol}`;
    const sameNumber = numbers.get(number);
    const sameName = port.name === "" ? undefined : names.get(port.name);
    if (sameNumber) {
      const hint = "containers of a pod share its address: only one can listen there; remove or change one";
      findings.push(finding(port, sameNumber, `its pods declare port ${number}`, hint));
    } else if (sameName && sameName.protocol === port.protocol) {
      const hint = "Services find the first one only; give each port a name of its own";
      findings.push(finding(port, sameName, `its pods declare a port named "${port.name}"`, hint));
    }
    if (!sameNumber) numbers.set(number, port);
    if (!sameName) names.set(port.name, port);
  }
  return findings;
}
