import { parseCni } from "../cni/cni.ts";
import type { ProbeIntent } from "./intent.ts";

/** Where the script is written below the output folder. */
export const PROBE_SCRIPT = "scripts/probe-firewall.sh";

/** How a refused connection looks from the sending pod. */
export type Symptom = "refused" | "timeout" | "refused or timeout";

/**
 * Plugins that reject answer with ICMP ("Connection refused"), those that drop let the client wait. kube-router rejects,
 * but kernels limit how many ICMP answers they send, so that a burst shows time-outs too.
 */
export function symptomOf(cni: string | undefined): Symptom {
  const parsed = cni === undefined ? undefined : parseCni(cni);
  if (!parsed?.ok || parsed.value.name === "kube-router") return "refused or timeout";
  return "timeout";
}

/**
 * The POSIX shell script that probes every pair. Namespaces are DNS labels by the intent, so each is one plain word;
 * all other text is fixed.
 */
export function probeScript(intent: ProbeIntent): string {
  const symptom = symptomOf(intent.cni);
  const probes = intent.routes.map(
    ({ from, to, reaches }) => `probe ${from} ${to} ${reaches ? "ok" : "blocked"}`,
  );
  return `#!/bin/sh
# Probes the firewall: a request from every busybox pod of FROM to the busybox Service of TO.
#   probe-firewall.sh            every pair
#   probe-firewall.sh FROM TO    one pair
# Expected symptom of a blocked request: ${symptom}.
# Exit code: 0 as expected, 1 some pair differs, 2 a probe could not be sent.
set -u
only_from=\${1-}
only_to=\${2-}
probes=0
wrong=0
unsent=0

# result FROM POD TO -> ok | refused | timeout | unsent: REASON
result() {
  if output=$(kubectl exec --namespace="$1" "$2" -- wget -q -O /dev/null -T 5 "http://busybox.$3/" 2>&1 </dev/null); then
    echo ok
    return
  fi
  case $output in
    *"Connection refused"*) echo refused ;;
    *"timed out"*) echo timeout ;;
    *) printf 'unsent: %s\\n' "$(printf '%s' "$output" | tr '\\n' ' ')" ;;
  esac
}

# probe FROM TO ok|blocked
probe() {
  if [ -n "$only_from" ] && [ "$only_from" != "$1" ]; then return; fi
  if [ -n "$only_to" ] && [ "$only_to" != "$2" ]; then return; fi
  pods=$(kubectl get pods --namespace="$1" --selector=app=busybox --field-selector=status.phase=Running --output=name)
  if [ -z "$pods" ]; then
    echo "UNSENT  $1 -> $2: no running busybox pod in $1"
    unsent=$((unsent + 1))
    return
  fi
  for pod in $pods; do
    probes=$((probes + 1))
    got=$(result "$1" "$pod" "$2")
    case "$3 $got" in
${expectedLines(symptom)}
      *"unsent: "*)
        unsent=$((unsent + 1))
        echo "UNSENT  $1 ($pod) -> $2: \${got#unsent: }"
        ;;
      *)
        wrong=$((wrong + 1))
        echo "WRONG   $1 ($pod) -> $2: $got, expected $3"
        ;;
    esac
    sleep ${intent.pauseSeconds}
  done
}

${probes.join("\n")}

echo "$probes probes, $wrong not as expected, $unsent not sent"
if [ "$unsent" -gt 0 ] || [ "$probes" -eq 0 ]; then exit 2; fi
if [ "$wrong" -gt 0 ]; then exit 1; fi
echo "Every probe went as expected."
`;
}

function expectedLines(symptom: Symptom): string {
  const blocked =
    symptom === "refused or timeout" ? '"blocked refused" | "blocked timeout"' : `"blocked ${symptom}"`;
  return `      "ok ok" | ${blocked}) echo "ok      $1 ($pod) -> $2: $got" ;;`;
}
