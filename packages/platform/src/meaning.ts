import { type DnsChange, dnsDiff, formatDnsChanges } from "@ashlar/dns";
import { type AccessChange, accessDiff, formatAccessChange } from "@ashlar/iam";
import { formatRouteChange, type RouteChange, routesDiff } from "@ashlar/ingress";
import { formatReachChange, type ReachChange, reachDiff } from "@ashlar/network-policy";
import { accessOf, dnsOf, networkOf, type ObjectSet, routesOf } from "./check.ts";

/** What the change from one set to another means. */
export interface ChangeOfMeaning {
  readonly network: readonly ReachChange[];
  readonly access: readonly AccessChange[];
  readonly names: readonly DnsChange[];
  readonly urls: readonly RouteChange[];
}

/** Everything is answered as before. */
export const NO_CHANGE: ChangeOfMeaning = { network: [], access: [], names: [], urls: [] };

/** Paths that open and close, rights gained and lost, names that change answers, URLs that move. */
export function changeOfMeaning(before: ObjectSet, after: ObjectSet): ChangeOfMeaning {
  return {
    network: reachDiff(networkOf(before), networkOf(after)),
    access: accessDiff(accessOf(before), accessOf(after)),
    names: dnsDiff(dnsOf(before), dnsOf(after)),
    urls: routesDiff(routesOf(before), routesOf(after)),
  };
}

/** Lines for people, per model: the sign that colours them, and the text. */
export function formatMeaning({ network, access, names, urls }: ChangeOfMeaning): MeaningSection[] {
  return [
    {
      title: "Network",
      nothing: "nothing opens, nothing closes",
      lines: network.map((change) => ({ tone: TONES[change.change], text: formatReachChange(change) })),
    },
    {
      title: "Access",
      nothing: "nobody gains or loses a right",
      lines: access.map((change) => ({
        tone: change.change === "gains" ? "red" : "green",
        text: formatAccessChange(change),
      })),
    },
    {
      title: "Names",
      nothing: "every name is answered as before",
      lines: formatDnsChanges(names).map((text) => ({ tone: "yellow", text })),
    },
    {
      title: "URLs",
      nothing: "every one is answered as before",
      lines: urls.map((change) => ({ tone: "yellow", text: formatRouteChange(change) })),
    },
  ];
}

export interface MeaningSection {
  readonly title: string;
  /** What is said when there is no line. */
  readonly nothing: string;
  readonly lines: readonly { readonly tone: Tone; readonly text: string }[];
}

/** Red is what opens. */
type Tone = "red" | "green" | "yellow";

const TONES = { opens: "red", closes: "green", "may open": "yellow", "may close": "yellow" } as const;
