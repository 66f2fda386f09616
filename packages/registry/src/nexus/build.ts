import type { Block, Document, Patch, Sealed, Step } from "@ashlar/core";
import { type NexusIntent, realmOf } from "./intent.ts";

const FILE = "keycloak.json";
const VOLUME = "keycloak-oidc";
/** 0644: Nexus runs as its own user, which is not the owner of the file. */
const MODE = 420;

/** The Secret, the mount, and what cleans up. Total on a valid intent. */
export function buildNexus(intent: NexusIntent): Block {
  return {
    resources: [],
    patches: [mountPatch(intent)],
    sealed: [keycloakJson(intent)],
    documents: retentionDocuments(intent),
    steps: [restartStep(intent)],
    claims: [],
  };
}

/**
 * The file that Keycloak writes for a confidential client with roles (`Keycloak OIDC JSON`), without `verify-token-audience`: that is
 * for bearer tokens, which nobody sends to Nexus.
 */
function keycloakJson({ issuer, clientId, clientSecret, secretName, namespace }: NexusIntent): Sealed {
  const { server, realm } = realmOf(issuer) ?? { server: issuer, realm: "" };
  return {
    metadata: { name: secretName, namespace },
    type: "Opaque",
    values: { clientSecret },
    keys: [FILE],
    data: (values) => ({
      [FILE]: `${JSON.stringify(
        {
          realm,
          "auth-server-url": server,
          "ssl-required": "external",
          resource: clientId,
          credentials: { secret: values.clientSecret },
          "use-resource-role-mappings": true,
          "confidential-port": 0,
        },
        null,
        2,
      )}\n`,
    }),
  };
}

/** Names the container, the volume and the mount that it adds, so it stays right when the chart adds others. */
function mountPatch({ deployment, namespace, container, secretName, mountPath }: NexusIntent): Patch {
  return {
    merge: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: deployment, namespace },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: container,
                volumeMounts: [{ name: VOLUME, mountPath, subPath: FILE, readOnly: true }],
              },
            ],
            volumes: [{ name: VOLUME, secret: { secretName, defaultMode: MODE } }],
          },
        },
      },
    },
    why: `Nexus reads how to log in by Keycloak from ${mountPath}.`,
  };
}

/** A file that is mounted by subPath stays as it was when the Secret changes. */
function restartStep({ deployment, namespace, secretName }: NexusIntent): Step {
  return {
    title: "Restart Nexus after its client secret changed",
    argv: ["kubectl", "rollout", "restart", `deployment/${deployment}`, `--namespace=${namespace}`],
    why: `A mount of one file (subPath) does not follow changes of Secret ${namespace}/${secretName}.`,
    when: "After the Secret was changed, when nobody pushes or pulls: Nexus is away for some minutes.",
    verify: `kubectl rollout status deployment/${deployment} --namespace=${namespace} ends with success, and a login by Keycloak works.`,
  };
}

/** Cleanup policies in the fields of Nexus, one list. */
function retentionDocuments({ retention }: NexusIntent): Document[] {
  const policies = Object.entries(retention).map(([name, { tags, lastPushedDays, lastPulledDays }]) => ({
    name,
    format: "docker",
    notes: "Written by ashlar.",
    ...(lastPushedDays !== undefined && { criteriaLastBlobUpdated: lastPushedDays }),
    ...(lastPulledDays !== undefined && { criteriaLastDownloaded: lastPulledDays }),
    criteriaAssetRegex: tags,
  }));
  if (policies.length === 0) return [];
  return [{ path: "nexus/cleanup-policies.json", text: `${JSON.stringify(policies, null, 2)}\n` }];
}
