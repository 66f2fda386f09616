import type { DnsVerdict } from "./verdict.ts";

/** One line about a verdict. */
export function summary(verdict: Omit<DnsVerdict, "text">): string {
  const { name, type, server, plugin } = verdict;
  const by = server ? ` (${plugin === "" ? "" : `${plugin}, `}block "${server.key}")` : "";
  return `${name} ${type}: ${said(verdict)}${by}`;
}

function said({ outcome, rcode, records, upstream, why }: Omit<DnsVerdict, "text">): string {
  const reason = why === undefined ? "" : `: ${why}`;
  switch (outcome) {
    case "answer": {
      const data = records
        .map((record) => record.data ?? "the cluster IP that the cluster chooses")
        .join(", ");
      return upstream.length === 0 ? data : `${data}, and what ${upstream.join(" or ")} says`;
    }
    case "nodata":
      return `exists, without records of this type${reason}`;
    case "nxdomain":
      return `does not exist${reason}`;
    case "forwarded":
      return `asked of ${upstream.join(" or ")}`;
    case "no-reply":
      return `gets no reply${reason}`;
    case "unknown":
      return `unknown${reason}`;
    default:
      return `${rcode}${reason}`;
  }
}
