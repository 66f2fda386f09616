import { fieldsOf, listOf, textOf } from "./fields.ts";
import { GATEWAY, type RouteSet } from "./route-set.ts";

/** An object that refers to one in another namespace. */
export interface CrossReference {
  readonly from: { readonly kind: "HTTPRoute" | "Gateway" | "ListenerSet"; readonly namespace: string };
  readonly to: {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
}

/** Whether a reference may be followed: it stays in its namespace, or a ReferenceGrant of the other one allows it. */
export function isGranted(set: RouteSet, { from, to }: CrossReference): boolean {
  if (from.namespace === to.namespace) return true;
  return set.all(GATEWAY, "ReferenceGrant").some((grant) => {
    if (set.namespaceOf(grant) !== to.namespace) return false;
    const spec = fieldsOf(grant.spec);
    const isFrom = listOf(spec.from).some((value) => {
      const { group, kind, namespace } = fieldsOf(value);
      return textOf(group) === GATEWAY && kind === from.kind && namespace === from.namespace;
    });
    return (
      isFrom &&
      listOf(spec.to).some((value) => {
        const { group, kind, name } = fieldsOf(value);
        return (
          textOf(group) === to.group && kind === to.kind && (textOf(name) === "" || textOf(name) === to.name)
        );
      })
    );
  });
}

/** The grant that is missing, in words: what to write, and where. */
export function grantHint({ from, to }: CrossReference): string {
  return `write a ReferenceGrant in namespace ${to.namespace} from ${from.kind} of namespace ${from.namespace} to ${to.kind} ${to.name}`;
}
