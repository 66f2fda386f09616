import type { Block, Resource, Step } from "@ashlar/core";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IService } from "kubernetes-models/v1";
import type { ProbeIntent } from "./intent.ts";
import { PROBE_SCRIPT, probeScript } from "./script.ts";

const NAME = "busybox";
const LABELS = { app: NAME };
const PORT = 8000;
const SERVE = `echo 'Hello World' > /tmp/index.html && exec httpd -f -p ${PORT} -h /tmp`;

/** A busybox Deployment and Service in each namespace, the script that probes the pairs, and the steps to use it. */
export function buildProbe(intent: ProbeIntent): Block {
  return {
    resources: intent.namespaces.flatMap((namespace) => [deployment(intent, namespace), service(namespace)]),
    patches: [],
    documents: [{ path: PROBE_SCRIPT, text: probeScript(intent), executable: true }],
    steps: steps(intent),
    claims: [],
  };
}

function deployment({ image, replicas }: ProbeIntent, namespace: string): Resource {
  const spec: IDeployment["spec"] = {
    replicas,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: NAME,
            image,
            command: ["sh", "-c", SERVE],
            ports: [{ name: "http", containerPort: PORT }],
            readinessProbe: { httpGet: { path: "/", port: "http" } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace, labels: LABELS },
    spec,
  };
}

function service(namespace: string): Resource {
  const spec: IService["spec"] = {
    selector: LABELS,
    ports: [{ name: "http", port: 80, targetPort: "http" }],
  };
  return { apiVersion: "v1", kind: "Service", metadata: { name: NAME, namespace, labels: LABELS }, spec };
}

function steps({ namespaces, replicas, scaleTo }: ProbeIntent): Step[] {
  const scale = (to: number, back: number, title: string, why: string): Step[] =>
    namespaces.map((namespace) => ({
      title: `${title} in ${namespace}`,
      argv: ["kubectl", "scale", `deployment/${NAME}`, `--namespace=${namespace}`, `--replicas=${to}`],
      why,
      when: "any time; the pods serve nothing but a test page",
      verify: `kubectl get deployment ${NAME} --namespace=${namespace} shows ${to}/${to}`,
      undo: `kubectl scale deployment/${NAME} --namespace=${namespace} --replicas=${back}`,
    }));
  return [
    ...scale(
      scaleTo,
      replicas,
      "Scale the probe up",
      "Pods on several nodes show whether every node enforces the policies.",
    ),
    {
      title: "Probe the firewall",
      argv: ["sh", PROBE_SCRIPT],
      why: "Sends a request from every probe pod to every probe Service and compares with what the policies say.",
      when: "after the policies are applied and the pods are ready",
      verify: "the last line says that every probe went as expected, and the exit code is 0",
    },
    ...scale(replicas, scaleTo, "Scale the probe down", "The test pods are not needed between tests."),
  ];
}
