import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { checkIntent } from "./check-intent.ts";

const RESOLV_CONF = "/etc/resolv.conf";

const servers = once(() => z.union([z.literal(RESOLV_CONF), z.array(z.string()).readonly()]));

const upstreamOptions = once(() =>
  z.strictObject({
    servers: servers().describe(
      "Addresses with or without a port (10.0.0.2, 10.0.0.2:5353, [2001:db8::1]:53), tls:// before those that speak DNS over TLS; or /etc/resolv.conf, the node's own resolvers. At most 15.",
    ),
    serverName: z
      .string()
      .optional()
      .describe(
        "Name in the certificate of the tls:// servers. Absent: the certificate has to be for the address.",
      ),
    policy: z
      .union([z.literal("random"), z.literal("round_robin"), z.literal("sequential")])
      .optional()
      .describe("Which server is asked first. Absent: random, as CoreDNS has it."),
    forceTcp: z
      .boolean()
      .optional()
      .describe("Ask over TCP even when the question came over UDP. Absent: no."),
    maxConcurrent: z
      .int()
      .optional()
      .describe("Questions under way at once; more are refused. Absent: no limit. kubeadm writes 1000."),
  }),
);

const upstream = once(() => z.union([servers(), upstreamOptions()]));

/** What {@link clusterDns} takes. */
export const clusterDnsIntent = once(() =>
  z
    .strictObject({
      coredns: z
        .string()
        .describe(
          "Version of CoreDNS that runs: 1.15, v1.11.4-eksbuild.2. Plugins and options are checked against it.",
        ),
      clusterDomain: z
        .string()
        .default("cluster.local")
        .describe("Domain of the cluster's Services, as the kubelets have it. Default: cluster.local."),
      reverseZones: z
        .array(z.string())
        .readonly()
        .default(["in-addr.arpa", "ip6.arpa"])
        .describe(
          "Zones in which addresses of Services get their names: zones or blocks of addresses (10.96.0.0/16). What is no Service is asked upstream. Default: in-addr.arpa and ip6.arpa, all addresses.",
        ),
      pods: z
        .union([z.literal("disabled"), z.literal("insecure"), z.literal("verified")])
        .default("insecure")
        .describe(
          "Names of pods like 10-0-0-7.dev.pod.cluster.local: insecure answers for any address, verified only when there is such a pod (CoreDNS then watches pods). Default: insecure.",
        ),
      ttl: z
        .int()
        .optional()
        .describe(
          "Seconds for which clients may keep answers about Services, 0 to 3600. Absent: 5, CoreDNS's own.",
        ),
      upstream: upstream()
        .default(RESOLV_CONF)
        .describe(
          "Who answers what the cluster does not: addresses, or an object with options. Default: /etc/resolv.conf, the resolvers of the node.",
        ),
      zones: z
        .record(z.string(), upstream())
        .default({})
        .describe('Zone → who answers it: { "corp.test": ["10.0.0.2"] }. Names below it too. Default: none.'),
      otherCluster: z
        .strictObject({
          domain: z.string().describe("Cluster domain of the other cluster; not this one's."),
          forwardTo: z
            .array(z.string())
            .readonly()
            .describe("Addresses at which its DNS is reached from here."),
        })
        .optional()
        .describe("A second cluster whose Services are resolved by its own DNS. Absent: none."),
      hosts: z
        .record(z.string(), z.array(z.string()).readonly())
        .default({})
        .describe("Name → its addresses, answered here. Default: none."),
      rewrites: z
        .array(
          z.strictObject({
            from: z.string().describe("Name as it is asked for."),
            to: z.string().describe("Name that is looked up instead; the answer keeps the first one."),
            match: z
              .union([z.literal("exact"), z.literal("prefix"), z.literal("suffix")])
              .default("exact")
              .describe(
                "exact: the whole name; prefix: names that begin with these labels; suffix: names below this domain. Default: exact.",
              ),
          }),
        )
        .readonly()
        .default([])
        .describe("Names that are looked up as other names, the first that matches. Default: none."),
      templates: z
        .array(
          z.strictObject({
            zone: z.string().describe("Every name in this zone is answered alike."),
            type: z
              .union([z.literal("A"), z.literal("AAAA"), z.literal("CNAME"), z.literal("ANY")])
              .describe(
                "Type of question; CNAME answers questions for addresses too; ANY is for an rcode alone.",
              ),
            answer: z
              .string()
              .optional()
              .describe("Address, or name for CNAME. Absent: no record, for an rcode."),
            ttl: z.int().default(60).describe("Seconds for which clients may keep the answer. Default: 60."),
            rcode: z
              .union([z.literal("NXDOMAIN"), z.literal("REFUSED"), z.literal("NOERROR")])
              .optional()
              .describe("Answer code. Absent: NOERROR."),
          }),
        )
        .readonly()
        .default([])
        .describe("Zones whose names all have one answer. Default: none."),
      cache: z
        .union([
          z.literal(false),
          z.int(),
          z.strictObject({
            seconds: z.int().describe("Longest time for which an answer is kept, in seconds."),
            serveStale: z
              .int()
              .optional()
              .describe("Seconds for which an old answer serves when no server answers. Absent: not at all."),
            keepOut: z
              .array(z.string())
              .readonly()
              .default([])
              .describe(
                "Zones of which CoreDNS keeps nothing, such as the cluster's own; caches on the nodes keep them all the same. Default: none.",
              ),
          }),
        ])
        .default(30)
        .describe(
          "Longest time for which answers are kept, in seconds, 1 to 3600; false: no cache. Default: 30.",
        ),
      log: z
        .union([
          z.boolean(),
          z
            .array(z.union([z.literal("all"), z.literal("denial"), z.literal("error"), z.literal("success")]))
            .readonly(),
        ])
        .default(false)
        .describe(
          "A line for each question, or for those whose answers are of these classes. Default: none.",
        ),
      health: z
        .union([z.literal(false), z.int()])
        .default(8080)
        .describe("Port of the liveness probe (/health); false: none. Default: 8080."),
      lameduck: z
        .int()
        .optional()
        .describe(
          "Seconds for which CoreDNS still answers after it was told to stop; 0: none. Absent: 5 where the version can.",
        ),
      ready: z
        .union([z.literal(false), z.int()])
        .optional()
        .describe("Port of the readiness probe (/ready); false: none. Absent: 8181 where the version can."),
      prometheus: z
        .union([z.literal(false), z.int()])
        .default(9153)
        .describe("Port of the metrics; false: none. Default: 9153."),
      reload: z
        .boolean()
        .optional()
        .describe("Read a changed Corefile without a restart. Absent: yes, where the version can."),
      loop: z
        .boolean()
        .optional()
        .describe("Stop at a forwarding loop instead of running in it. Absent: yes, where the version can."),
      loadbalance: z
        .boolean()
        .default(true)
        .describe("Turn the order of the addresses in an answer. Default: yes."),
      nodeLocal: z
        .strictObject({
          address: z
            .string()
            .default("169.254.20.10")
            .describe("Address on every node at which its cache listens. Default: 169.254.20.10."),
          clusterDns: z.string().describe("Address of the cluster's DNS Service (kube-dns): 10.96.0.10."),
          mode: z
            .union([z.literal("iptables"), z.literal("ipvs")])
            .default("iptables")
            .describe(
              "kube-proxy's mode. iptables: the cache listens on the Service's address too; ipvs: kubelets give out the cache's own. Default: iptables.",
            ),
          health: z.int().default(8080).describe("Port of its liveness probe. Default: 8080."),
          prometheus: z.int().default(9253).describe("Port of its metrics. Default: 9253."),
        })
        .optional()
        .describe(
          "Configuration of NodeLocal DNSCache, which runs beside CoreDNS on each node. Absent: none.",
        ),
    })
    .superRefine((intent, ctx) => {
      checkIntent(intent, (path, message, hint) =>
        ctx.addIssue({ code: "custom", path, message, params: { hint }, input: intent }),
      );
    }),
);

export type ClusterDnsIntent = z.output<ReturnType<typeof clusterDnsIntent>>;
