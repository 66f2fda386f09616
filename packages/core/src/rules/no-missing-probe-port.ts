import { suggest } from "../did-you-mean.ts";
import { formatPath, type PathSegment } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { isRecord } from "../json.ts";
import { formatRef, refOf } from "../resource.ts";
import { containerPorts } from "./references/declared-ports.ts";
import { fieldsOf } from "./references/json-values.ts";
import type { Container } from "./references/pod-templates.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-missing-probe-port";

/** A probe or lifecycle hook that speaks to a port name which its container does not declare. */
export const noMissingProbePort: Rule = {
  code: CODE,
  check(inventory) {
    const { templates, isPartial } = setIndex(inventory);
    return templates().flatMap((template) =>
      template.containers.flatMap((container) => {
        const wanted = namedPorts(container);
        // The rest of a container that is there as a patch may declare any port.
        if (wanted.length === 0 || isPartial(template.owner)) return [];
        const names = containerPorts(container)
          .map(({ name }) => name)
          .filter((name) => name !== "");
        return wanted
          .filter(({ port }) => !names.includes(port) && !/^\d+$/.test(port))
          .map(
            ({ by, port, path }): Finding =>
              findingAbout(template.owner, inventory.locate, {
                code: CODE,
                severity: "error",
                message: `${formatRef(refOf(template.owner))}: ${by} of container "${container.name}" names port "${port}", which that container does not declare: it always fails`,
                hint:
                  names.length === 0
                    ? "write the port's number, or give a port of this container that name"
                    : suggest(port, names),
                path: formatPath(path),
              }),
          );
      }),
    );
  },
};

interface NamedPort {
  readonly by: string;
  readonly port: string;
  readonly path: readonly PathSegment[];
}

/** The ports by name of a container's probes and hooks. The kubelet looks in that container alone (pkg/probe). */
function namedPorts({ fields, path }: Container): NamedPort[] {
  const found: NamedPort[] = [];
  const add = (by: string, handler: unknown, at: readonly PathSegment[]) => {
    if (!isRecord(handler)) return;
    for (const action of ["httpGet", "tcpSocket"]) {
      const { port } = fieldsOf(handler[action]);
      if (typeof port === "string" && port !== "")
        found.push({ by, port, path: [...path, ...at, action, "port"] });
    }
  };
  for (const probe of PROBES) add(probe, fields[probe], [probe]);
  const { lifecycle } = fields;
  if (isRecord(lifecycle)) for (const hook of HOOKS) add(hook, lifecycle[hook], ["lifecycle", hook]);
  return found;
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const HOOKS = ["postStart", "preStop"] as const;
