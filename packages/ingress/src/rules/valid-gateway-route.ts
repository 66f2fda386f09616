import {
  type Finding,
  findingAbout,
  formatRef,
  type Inventory,
  type Resource,
  type Rule,
  refOf,
  suggest,
} from "@ashlar/core";
import { fieldsOf, listOf, textOf } from "../routes/fields.ts";
import type { RoutesModel } from "../routes/model.ts";
import { type CrossReference, grantHint, isGranted } from "../routes/reference-grants.ts";
import { type ParentVerdict, routeParents } from "../routes/route-parents.ts";
import { GATEWAY, refIn } from "../routes/route-set.ts";
import { modelOf, partialObjects } from "./model-of.ts";

const CODE = "ingress/valid-gateway-route";

/** An HTTPRoute that no listener takes, or that refers to another namespace without leave; a Gateway whose certificate is not its own. */
export const validGatewayRoute: Rule = {
  code: CODE,
  check(inventory) {
    const model = modelOf(inventory);
    const isPartial = partialObjects(inventory);
    const routes = model.set.all(GATEWAY, "HTTPRoute").filter((route) => !isPartial(route));
    return [
      ...routes.flatMap((route) => [
        ...parentFindings(inventory, model, route),
        ...backendFindings(inventory, model, route),
      ]),
      ...certificateFindings(inventory, model),
    ];
  },
};

function parentFindings(inventory: Inventory, model: RoutesModel, route: Resource): Finding[] {
  const edges = model.gateways.map(({ edge }) => edge);
  return routeParents(model.set, route, edges).flatMap((verdict) => {
    const problem = parentProblem(
      model,
      verdict,
      inventory.whole === true,
      isAssumed(inventory, verdict.parent),
    );
    if (problem === undefined) return [];
    const message = `${formatRef(refOf(route))}: ${problem.message}`;
    const { hint } = problem;
    return [
      findingAbout(route, inventory.locate, {
        code: CODE,
        severity: "error",
        message,
        hint,
        path: verdict.path,
      }),
    ];
  });
}

/** Whether `assume` names the parent: `NAMESPACE/Gateway/NAME`. */
function isAssumed({ assume = [] }: Inventory, parent: string): boolean {
  const [kind, name] = parent.split(" ");
  return assume.includes(`${name?.replace("/", `/${kind}/`)}`);
}

function parentProblem(
  model: RoutesModel,
  { parent, refused, isKnown }: ParentVerdict,
  whole: boolean,
  isAssumed: boolean,
): { readonly message: string; readonly hint: string } | undefined {
  if (!isKnown) {
    if (!whole || isAssumed) return undefined;
    const known = model.gateways.map(({ edge }) =>
      formatRef(refIn(model.set, edge.gateway)).slice("Gateway ".length),
    );
    return {
      message: `${parent} is not there: nothing serves the route`,
      hint: suggest(parent.split(" ")[1]!, known),
    };
  }
  switch (refused) {
    case "NoMatchingParent":
      return {
        message: `${parent} has no listener of that name and port (NoMatchingParent): nothing serves the route`,
        hint: "write the sectionName and port of a listener, or leave both out",
      };
    case "NotAllowedByListeners":
      return {
        message: `no listener of ${parent} takes HTTPRoutes of this namespace (NotAllowedByListeners): nothing serves the route`,
        hint: "set allowedRoutes.namespaces of the listener (from: All, or a Selector); without it, only its own namespace is allowed",
      };
    case "NoMatchingListenerHostname":
      return {
        message: `the hostnames and those of the listeners of ${parent} have none in common (NoMatchingListenerHostname): nothing serves the route`,
        hint: "correct the hostnames, or add a listener for them",
      };
    case undefined:
      return undefined;
  }
}

function backendFindings(inventory: Inventory, model: RoutesModel, route: Resource): Finding[] {
  const own = model.set.namespaceOf(route);
  return listOf(fieldsOf(route.spec).rules).flatMap((rule, i) =>
    listOf(fieldsOf(rule).backendRefs).flatMap((value, j) => {
      const { group, kind, name, namespace } = fieldsOf(value);
      const to = {
        group: textOf(group),
        kind: textOf(kind) || "Service",
        namespace: textOf(namespace) || own,
        name: textOf(name),
      };
      const reference: CrossReference = { from: { kind: "HTTPRoute", namespace: own }, to };
      const effect = "its share of the requests gets 500";
      return grantFinding(inventory, model, route, reference, `spec.rules[${i}].backendRefs[${j}]`, effect);
    }),
  );
}

function certificateFindings(inventory: Inventory, model: RoutesModel): Finding[] {
  return model.gateways.flatMap(({ edge }) =>
    edge.listeners.flatMap((listener) =>
      listOf(listener.tls.certificateRefs).flatMap((value, i) => {
        const { group, kind, name, namespace } = fieldsOf(value);
        const own = listener.namespace;
        const to = {
          group: textOf(group),
          kind: textOf(kind) || "Secret",
          namespace: textOf(namespace) || own,
          name: textOf(name),
        };
        const from = {
          kind: listener.owner.kind === "ListenerSet" ? "ListenerSet" : "Gateway",
          namespace: own,
        } as const;
        const path = `${listener.path}.tls.certificateRefs[${i}]`;
        return grantFinding(
          inventory,
          model,
          listener.owner,
          { from, to },
          path,
          "the listener has no certificate",
        );
      }),
    ),
  );
}

/** A grant may live elsewhere, where the set is not whole. */
function grantFinding(
  inventory: Inventory,
  model: RoutesModel,
  from: Resource,
  reference: CrossReference,
  path: string,
  effect: string,
): Finding[] {
  if (isGranted(model.set, reference)) return [];
  const { kind, namespace, name } = reference.to;
  return [
    findingAbout(from, inventory.locate, {
      code: CODE,
      severity: inventory.whole ? "error" : "warning",
      message: `${formatRef(refOf(from))}: no ReferenceGrant allows ${kind} ${namespace}/${name} (RefNotPermitted): ${effect}`,
      hint: grantHint(reference),
      path,
    }),
  ];
}
