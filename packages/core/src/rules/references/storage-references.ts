import type { PathSegment } from "../../field-path.ts";
import type { Resource } from "../../resource.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import type { Reference } from "./reference.ts";
import { CLAIM, SERVICE, STORAGE_CLASS } from "./target.ts";

/** What a claim needs: its storage class, and the claim that it is copied from. */
export function claimReferences(from: Resource): Reference[] {
  const spec = fieldsOf(from.spec);
  const sources = ["dataSource", "dataSourceRef"].flatMap((field): Reference[] => {
    const { kind, name, namespace } = fieldsOf(spec[field]);
    if (kind !== "PersistentVolumeClaim" || textOf(name) === "") return [];
    return [
      {
        from,
        path: ["spec", field, "name"],
        target: CLAIM,
        namespace: textOf(namespace) || namespaceOf(from),
        name: textOf(name),
        by: field,
        optional: false,
      },
    ];
  });
  return [...sources, ...classOf(from, from, [])];
}

/** What a StatefulSet needs besides its pods: the Service that names them, the storage classes of its claims. */
export function statefulReferences(from: Resource): Reference[] {
  const { serviceName, volumeClaimTemplates } = fieldsOf(from.spec);
  const classes = listOf(volumeClaimTemplates).flatMap((template, i) =>
    classOf(from, template, ["spec", "volumeClaimTemplates", i]),
  );
  const name = textOf(serviceName);
  if (name === "") return classes;
  const path = ["spec", "serviceName"];
  const by = "serviceName";
  return [
    { from, path, target: SERVICE, namespace: namespaceOf(from), name, by, optional: false },
    ...classes,
  ];
}

/** An empty class asks for volumes without one. */
function classOf(from: Resource, claim: unknown, at: readonly PathSegment[]): Reference[] {
  const name = textOf(fieldsOf(fieldsOf(claim).spec).storageClassName);
  if (name === "") return [];
  const path = [...at, "spec", "storageClassName"];
  const by = "storageClassName";
  return [{ from, path, target: STORAGE_CLASS, namespace: undefined, name, by, optional: false }];
}
