import type { PathSegment } from "../../field-path.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import type { PodTemplate } from "./pod-templates.ts";
import type { KeyReference, Reference } from "./reference.ts";
import {
  CLAIM,
  CONFIG_MAP,
  PRIORITY_CLASS,
  RUNTIME_CLASS,
  SECRET,
  SERVICE_ACCOUNT,
  type Target,
} from "./target.ts";

/** The classes of a pod: PriorityClass and RuntimeClass. */
export function classReferences({ owner: from, spec, path }: PodTemplate): Reference[] {
  return CLASSES.flatMap(([by, target]): Reference[] => {
    const name = textOf(spec[by]);
    if (name === "") return [];
    return [{ from, path: [...path, "spec", by], target, namespace: undefined, name, by, optional: false }];
  });
}

/** Every object of its own namespace that a pod needs by name: its ServiceAccount, Secrets, ConfigMaps and claims. */
export function podReferences(template: PodTemplate): Reference[] {
  const found: Reference[] = [];
  const { owner: from, namespace, spec } = template;
  const at = [...template.path, "spec"];
  const add = (
    target: Target,
    value: unknown,
    path: () => readonly PathSegment[],
    by: string,
    optional: unknown,
    keys?: () => readonly KeyReference[],
  ) => {
    const name = textOf(value);
    if (name === "") return;
    const reference = { from, path: path(), target, namespace, name, by, optional: optional === true };
    found.push(keys ? { ...reference, keys: keys() } : reference);
  };
  const account = textOf(spec.serviceAccountName) === "" ? "serviceAccount" : "serviceAccountName";
  add(SERVICE_ACCOUNT, spec[account], () => [...at, account], account, false);
  listOf(spec.imagePullSecrets).forEach((secret, i) => {
    const path = () => [...at, "imagePullSecrets", i, "name"];
    add(SECRET, fieldsOf(secret).name, path, "imagePullSecrets", false);
  });
  listOf(spec.volumes).forEach((volume, i) => {
    addVolume(fieldsOf(volume), [...at, "volumes", i], add);
  });
  for (const container of template.containers) {
    const of = `of container "${container.name}"`;
    listOf(container.fields.env).forEach((entry, i) => {
      const { name, valueFrom } = fieldsOf(entry);
      if (valueFrom === undefined) return;
      const path = [...container.path, "env", i, "valueFrom"];
      for (const [field, target] of KEY_REFS) {
        const ref = fieldsOf(fieldsOf(valueFrom)[field]);
        const keys = () => keysAt([ref], [...path, field], true);
        add(
          target,
          ref.name,
          () => [...path, field, "name"],
          `env ${textOf(name)} ${of}`,
          ref.optional,
          keys,
        );
      }
    });
    listOf(container.fields.envFrom).forEach((source, i) => {
      for (const [field, target] of FROM_REFS) {
        const ref = fieldsOf(fieldsOf(source)[field]);
        add(
          target,
          ref.name,
          () => [...container.path, "envFrom", i, field, "name"],
          `envFrom ${of}`,
          ref.optional,
        );
      }
    });
  }
  return found;
}

const CLASSES = [
  ["priorityClassName", PRIORITY_CLASS],
  ["runtimeClassName", RUNTIME_CLASS],
] as const;
const KEY_REFS = [
  ["secretKeyRef", SECRET],
  ["configMapKeyRef", CONFIG_MAP],
] as const;
const FROM_REFS = [
  ["secretRef", SECRET],
  ["configMapRef", CONFIG_MAP],
] as const;
/** Volume types that read credentials from a Secret (`secretRef.name`; API reference of Volume). */
const SECRET_REF_TYPES = ["cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"] as const;

type Add = (
  target: Target,
  value: unknown,
  path: () => readonly PathSegment[],
  by: string,
  optional: unknown,
  keys?: () => readonly KeyReference[],
) => void;

function addVolume(volume: Readonly<Record<string, unknown>>, path: readonly PathSegment[], add: Add): void {
  const by = `volume "${textOf(volume.name)}"`;
  const { secret, configMap, persistentVolumeClaim, projected, azureFile, csi } = volume;
  const fromSecret = fieldsOf(secret);
  const secretKeys = () => keysAt(listOf(fromSecret.items), [...path, "secret", "items"]);
  const secretName = () => [...path, "secret", "secretName"];
  add(SECRET, fromSecret.secretName, secretName, by, fromSecret.optional, secretKeys);
  const fromMap = fieldsOf(configMap);
  const mapKeys = () => keysAt(listOf(fromMap.items), [...path, "configMap", "items"]);
  add(CONFIG_MAP, fromMap.name, () => [...path, "configMap", "name"], by, fromMap.optional, mapKeys);
  const claim = () => [...path, "persistentVolumeClaim", "claimName"];
  add(CLAIM, fieldsOf(persistentVolumeClaim).claimName, claim, by, false);
  listOf(fieldsOf(projected).sources).forEach((source, i) => {
    const at = [...path, "projected", "sources", i];
    for (const [field, target] of [
      ["secret", SECRET],
      ["configMap", CONFIG_MAP],
    ] as const) {
      const ref = fieldsOf(fieldsOf(source)[field]);
      const keys = () => keysAt(listOf(ref.items), [...at, field, "items"]);
      add(target, ref.name, () => [...at, field, "name"], by, ref.optional, keys);
    }
  });
  add(SECRET, fieldsOf(azureFile).secretName, () => [...path, "azureFile", "secretName"], by, false);
  const publish = fieldsOf(fieldsOf(csi).nodePublishSecretRef).name;
  add(SECRET, publish, () => [...path, "csi", "nodePublishSecretRef", "name"], by, false);
  for (const type of SECRET_REF_TYPES) {
    if (volume[type] === undefined) continue;
    const ref = fieldsOf(fieldsOf(volume[type]).secretRef);
    add(SECRET, ref.name, () => [...path, type, "secretRef", "name"], by, false);
  }
}

/** The keys that a list of `{ key }` reads; `single` when the list is the reference itself. */
function keysAt(items: readonly unknown[], path: readonly PathSegment[], single = false): KeyReference[] {
  return items.flatMap((item, i) => {
    const key = textOf(fieldsOf(item).key);
    return key === "" ? [] : [{ key, path: single ? [...path, "key"] : [...path, i, "key"] }];
  });
}
