import type { Resource } from "../resource.ts";
import { checkerOf } from "./compile.ts";
import { type CustomSchemas, noCustomSchemas } from "./custom-schemas.ts";
import { definitionName } from "./definitions.ts";
import { kindProblems } from "./kinds.ts";
import { newReading } from "./reading.ts";
import { problemsOf, type StructureProblem } from "./words.ts";

/**
 * What kube-apiserver 1.36 refuses when it decodes an object with strict field validation: fields that it does not know and
 * values of a wrong type, in every built-in kind and in the custom resources whose CustomResourceDefinition is given. No
 * problems: it is decoded. What its values mean is not looked at, nor whether fields are there that have to be.
 *
 * The server stops at the first wrong type, and names unknown fields only when every type is right; here are all of both.
 *
 * Source: the OpenAPI of Kubernetes 1.36.3 and sigs.k8s.io/json; for custom resources apiextensions-apiserver's structural
 * schemas. Held against the server in conformance/suites/structure.test.ts.
 *
 * @param resource any JSON: nothing in it makes this throw
 * @param custom the schemas of the set's CustomResourceDefinitions: `customSchemas(resources)`
 * @example
 * structureProblems(deployment)[0]
 * // { path: "spec.replica", message: "spec.replica is not a field of the API: …", hint: 'did you mean "replicas"?', fix: … }
 */
export function structureProblems(
  resource: Resource,
  custom: CustomSchemas = noCustomSchemas,
): readonly StructureProblem[] {
  const { apiVersion, kind } = resource;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return kindProblems(resource, custom);
  const definition = definitionName(apiVersion, kind);
  const checker = definition === undefined ? custom.checkerOf(apiVersion, kind) : checkerOf(definition);
  if (checker === undefined) return kindProblems(resource, custom);
  const reading = newReading();
  checker(resource, reading, 0);
  const { found } = reading;
  if (found.length === 0) return NONE;
  return problemsOf(found, { object: resource, ...(definition !== undefined && { definition }) });
}

const NONE: readonly StructureProblem[] = [];
