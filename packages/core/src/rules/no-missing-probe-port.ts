import { suggest } from "../did-you-mean.ts";
import { formatPath, type PathSegment } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { formatRef, refOf } from "../resource.ts";
import { containerPorts } from "./references/declared-ports.ts";
import { fieldsOf } from "./references/json-values.ts";
import { type Container, containersOf, podTemplates } from "./references/pod-templates.ts";

const CODE = "core/no-missing-probe-port";

/** A probe or lifecycle hook that speaks to a port name which its container does not declare. */
export const noMissingProbePort: Rule = {
  code: CODE,
  check: ({ resources, locate }) =>
    podTemplates(resources).flatMap((template) =>
      containersOf(template).flatMap((container) => {
        const names = containerPorts(container)
          .map(({ name }) => name)
          .filter((name) => name !== "");
        return namedPorts(container)
          .filter(({ port }) => !names.includes(port) && !/^\d+$/.test(port))
          .map(
            ({ by, port, path }): Finding =>
              findingAbout(template.owner, locate, {
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
    ),
};

interface NamedPort {
  readonly by: string;
  readonly port: string;
  readonly path: readonly PathSegment[];
}

/** The ports by name of a container's probes and hooks. The kubelet looks in that container alone (pkg/probe). */
function namedPorts({ fields, path }: Container): NamedPort[] {
  const handlers: (readonly [by: string, handler: unknown, at: readonly PathSegment[]])[] = [
    ...["livenessProbe", "readinessProbe", "startupProbe"].map(
      (probe) => [probe, fields[probe], [...path, probe]] as const,
    ),
    ...["postStart", "preStop"].map(
      (hook) => [hook, fieldsOf(fields.lifecycle)[hook], [...path, "lifecycle", hook]] as const,
    ),
  ];
  return handlers.flatMap(([by, handler, at]) =>
    ["httpGet", "tcpSocket"].flatMap((action): NamedPort[] => {
      const { port } = fieldsOf(fieldsOf(handler)[action]);
      return typeof port === "string" && port !== "" ? [{ by, port, path: [...at, action, "port"] }] : [];
    }),
  );
}
