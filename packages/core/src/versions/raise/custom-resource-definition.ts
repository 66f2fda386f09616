import {
  type Fields,
  fieldsOf,
  isUnset,
  itemsOf,
  mapItems,
  Refusal,
  withDefaults,
  without,
} from "./refusal.ts";
import { structuralSchema } from "./structural-schema.ts";

/** Fields of the spec that v1 has per version only. */
const PER_VERSION = ["validation", "subresources", "additionalPrinterColumns"];

/**
 * CustomResourceDefinition of apiextensions.k8s.io/v1beta1 as v1: what stood beside the versions goes into each of them,
 * and unknown fields are kept by the schema where v1beta1 kept them by default
 * (pkg/apis/apiextensions/v1beta1/{defaults,conversion}.go of Kubernetes). Refused where the schema is not structural, which v1
 * demands. `status` is dropped: the server writes it.
 */
export function raiseCustomResourceDefinition(object: Fields): Fields {
  const given = fieldsOf(object.spec, "spec");
  requireApproval(given, fieldsOf(object.metadata, "metadata"));
  const keeps = given.preserveUnknownFields !== false;
  const top = {
    schema: schemaOf(given.validation, "spec.validation", keeps),
    subresources: given.subresources,
    additionalPrinterColumns: mapColumns(given, "spec"),
  };
  const listed = itemsOf(given.versions, "spec.versions");
  if (listed.length === 0 && (typeof given.version !== "string" || given.version === ""))
    throw new Refusal("spec.versions is empty, and there is no spec.version: name a version");
  const versions = listed.length > 0 ? listed : [{ name: given.version, served: true, storage: true }];
  const raiseVersion = (version: Fields, path: string): Fields => {
    const own = schemaOf(version.schema, `${path}.schema`, keeps);
    const columns = mapColumns(version, path);
    return defined({
      ...without(version, "schema", "additionalPrinterColumns"),
      schema: own ?? top.schema ?? { openAPIV3Schema: anyObject(keeps) },
      subresources: version.subresources ?? top.subresources,
      additionalPrinterColumns: columns ?? top.additionalPrinterColumns,
    });
  };
  const rest = without(given, "version", "versions", "preserveUnknownFields", "conversion", ...PER_VERSION);
  const spec = mapItems(
    { ...withDefaults(rest, { scope: "Namespaced" }), versions },
    "versions",
    "spec.versions",
    raiseVersion,
  );
  return {
    ...without(object, "status"),
    apiVersion: "apiextensions.k8s.io/v1",
    spec: defined({ ...spec, conversion: raiseConversion(given.conversion) }),
  };
}

function requireApproval({ group }: Fields, metadata: Fields): void {
  const annotations = fieldsOf(metadata.annotations, "metadata.annotations");
  if (
    typeof group === "string" &&
    /\.(k8s|kubernetes)\.io$/.test(group) &&
    isUnset(annotations["api-approved.kubernetes.io"])
  )
    throw new Refusal(
      `spec.group ${group} is a community's group: v1 wants the annotation api-approved.kubernetes.io, which says where it was approved`,
    );
}

function schemaOf(value: unknown, path: string, keeps: boolean): Fields | undefined {
  const { openAPIV3Schema } = fieldsOf(value, path);
  if (isUnset(openAPIV3Schema)) return undefined;
  return { openAPIV3Schema: structuralSchema(openAPIV3Schema, `${path}.openAPIV3Schema`, keeps) };
}

function anyObject(keeps: boolean): Fields {
  if (!keeps)
    throw new Refusal("there is no schema, and unknown fields are not kept: v1 would drop every field");
  return { type: "object", "x-kubernetes-preserve-unknown-fields": true };
}

function mapColumns(holder: Fields, path: string): unknown {
  const name = "additionalPrinterColumns";
  const raised = mapItems(holder, name, `${path}.${name}`, ({ JSONPath, ...column }) =>
    isUnset(JSONPath) ? column : { ...column, jsonPath: JSONPath },
  );
  return raised[name];
}

function raiseConversion(value: unknown): unknown {
  if (isUnset(value)) return value;
  const { strategy, webhookClientConfig, conversionReviewVersions } = fieldsOf(value, "spec.conversion");
  if (strategy !== "Webhook") return { strategy: isUnset(strategy) ? "None" : strategy };
  const versions = itemsOf(conversionReviewVersions, "spec.conversion.conversionReviewVersions");
  const webhook = {
    clientConfig: webhookClientConfig,
    conversionReviewVersions: versions.length > 0 ? versions : ["v1beta1"],
  };
  return { strategy, webhook };
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isUnset(value)));
}
