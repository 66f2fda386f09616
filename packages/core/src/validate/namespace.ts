import { type Fields, fieldsOf, textMapOf, textOf, textsOf } from "./fields.ts";
import { checkQualifiedName } from "./name-forms.ts";
import { STANDARD_FINALIZERS } from "./object-meta.ts";
import { checkOneOf, type Report } from "./report.ts";

/** Reports what the API server refuses in a Namespace beyond its metadata. It names the whole list of finalizers. */
export function checkNamespace(namespace: Fields, report: Report): void {
  textsOf(fieldsOf(namespace, "spec") ?? {}, "finalizers").forEach((finalizer, i) => {
    const [path, where] = ["spec.finalizers", `spec.finalizers[${i}]`];
    checkQualifiedName(finalizer, path, report, where);
    if (!finalizer.includes("/")) checkOneOf(finalizer, STANDARD_FINALIZERS, path, report, where);
  });
}

/** The metadata with the label that the server gives to every Namespace with a name. */
export function namespaceMetadata(namespace: Fields): Fields {
  const metadata = fieldsOf(namespace, "metadata") ?? {};
  const name = textOf(metadata, "name");
  if (name === "") return metadata;
  return { ...metadata, labels: { ...textMapOf(metadata, "labels"), "kubernetes.io/metadata.name": name } };
}
