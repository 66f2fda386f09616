import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { issuerProblems } from "./problems.ts";

const http01 = once(() =>
  z.union([
    z.strictObject({
      ingressClass: z.string().describe("Class of the Ingresses that answer the challenge: nginx."),
    }),
    z.strictObject({
      gateway: z
        .strictObject({
          name: z.string().describe("Its name."),
          namespace: z.string().describe("Its namespace."),
          listener: z
            .string()
            .optional()
            .describe("Its listener for http. Absent: any that takes the route."),
        })
        .describe("Gateway whose HTTPRoutes answer the challenge; it needs a listener at port 80."),
    }),
  ]),
);

const route53 = once(() =>
  z.strictObject({
    region: z
      .string()
      .optional()
      .describe("Region: ap-northeast-2. Absent: AWS tells it to cert-manager's pod."),
    hostedZoneId: z.string().optional().describe("Id of the zone. Absent: found by the name."),
    role: z
      .string()
      .optional()
      .describe("ARN of a role to take on. Absent: none but that of the credentials."),
    auth: z
      .union([
        z.literal("ambient"),
        z.strictObject({
          serviceAccount: z
            .string()
            .describe(
              "ServiceAccount in cert-manager's namespace whose tokens AWS trusts for the role (IRSA).",
            ),
        }),
        z.strictObject({
          accessKeyId: z.string().describe("Id of the access key. It is no secret."),
          secret: z
            .strictObject({
              name: z.string().default("cert-manager").describe("Name of the Secret. Default: cert-manager."),
              key: z
                .string()
                .default("aws-route53-secret-access-key")
                .describe("Its key. Default: aws-route53-secret-access-key."),
              from: z
                .secretRef()
                .optional()
                .describe("Where the value comes from, to have the Secret made. Absent: it is there."),
            })
            .default({ name: "cert-manager", key: "aws-route53-secret-access-key" })
            .describe("Secret with the access key, in cert-manager's namespace. Default: cert-manager."),
        }),
      ])
      .default("ambient")
      .describe(
        "How cert-manager logs in at AWS. ambient: as its pod does (a role of the node, or IRSA of its own ServiceAccount). Default: ambient.",
      ),
  }),
);

const solver = once(() =>
  z.strictObject({
    http01: http01().optional().describe("Challenges over http, for hosts that the Internet reaches."),
    route53: route53().optional().describe("Challenges in DNS zones at Route 53; wildcards need them."),
    zones: z
      .array(z.string())
      .readonly()
      .default([])
      .describe("DNS zones that it is for, with all below them. Default: every host that no other is for."),
    hosts: z
      .array(z.string())
      .readonly()
      .default([])
      .describe("Hosts that it is for. Default: as zones say."),
  }),
);

const certificate = once(() =>
  z.strictObject({
    secret: z.string().describe("Secret that it is kept in, and name of the Certificate."),
    namespace: z.string().describe("Its namespace."),
    hosts: z.array(z.string()).readonly().describe("Hosts that it is for."),
  }),
);

/** What {@link issuer} takes. */
export const issuerIntent = once(() =>
  z
    .strictObject({
      name: z.string().default("letsencrypt").describe("Name of the ClusterIssuer. Default: letsencrypt."),
      email: z
        .string()
        .describe("Address of a role, not of a person: Let's Encrypt writes to it when it must revoke."),
      server: z
        .union([z.literal("production"), z.literal("staging"), z.string()])
        .describe("production or staging of Let's Encrypt, or the directory URL of another ACME v2 server."),
      accountKey: z
        .string()
        .optional()
        .describe("Secret that cert-manager keeps the account's key in. Absent: NAME-acme-credential."),
      solvers: z.array(solver()).readonly().describe("How to prove that a host is ours."),
      certManagerNamespace: z
        .string()
        .default("cert-manager")
        .describe("Namespace of cert-manager, where Secrets of ClusterIssuers are. Default: cert-manager."),
      tlsAcme: z
        .boolean()
        .default(false)
        .describe(
          "Make it the issuer of Ingresses with kubernetes.io/tls-acme: values for cert-manager's chart. Default: false.",
        ),
      certificates: z
        .array(certificate())
        .readonly()
        .default([])
        .describe("Certificates that no Ingress or Gateway asks for. Default: none."),
    })
    .superRefine((intent, ctx) => {
      for (const { path, message, hint } of issuerProblems(intent))
        ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
    }),
);

export type IssuerIntent = z.output<ReturnType<typeof issuerIntent>>;
export type IssuerInput = z.input<ReturnType<typeof issuerIntent>>;
export type SolverIntent = IssuerIntent["solvers"][number];
