import type { Resource } from "@ashlar/core";

/** How traffic finds its way. */
export const networking: readonly Resource[] = [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", annotations: { "example.com/lb": "internal" } },
    spec: {
      type: "LoadBalancer",
      selector: { app: "web" },
      ports: [
        { name: "http", port: 80, targetPort: "http", protocol: "TCP", appProtocol: "http" },
        { name: "https", port: 443, targetPort: 8443, nodePort: 30443 },
      ],
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      externalTrafficPolicy: "Local",
      internalTrafficPolicy: "Cluster",
      allocateLoadBalancerNodePorts: true,
      ipFamilyPolicy: "SingleStack",
      ipFamilies: ["IPv4"],
      publishNotReadyAddresses: false,
      externalIPs: ["192.0.2.7"],
    },
  },
  {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "legacy", namespace: "default" },
    subsets: [
      {
        addresses: [{ ip: "10.1.2.3", hostname: "a", nodeName: "n1", targetRef: { kind: "Pod", name: "a" } }],
        ports: [{ name: "http", port: 80, protocol: "TCP" }],
      },
    ],
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    endpoints: [
      {
        addresses: ["10.1.2.3"],
        conditions: { ready: true, serving: true, terminating: false },
        hostname: "web-1",
        nodeName: "n1",
        zone: "a",
        hints: { forZones: [{ name: "a" }] },
        targetRef: { kind: "Pod", namespace: "default", name: "web-1" },
      },
    ],
    ports: [{ name: "http", port: 8080, protocol: "TCP", appProtocol: "http" }],
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web", namespace: "default" },
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: ["shop.example.com"], secretName: "shop-tls" }],
      defaultBackend: { service: { name: "web", port: { name: "http" } } },
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } },
              {
                path: "/files",
                pathType: "Exact",
                backend: { resource: { apiGroup: "example.com", kind: "Bucket", name: "files" } },
              },
            ],
          },
        },
      ],
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx" },
    spec: {
      controller: "k8s.io/ingress-nginx",
      parameters: { apiGroup: "example.com", kind: "Settings", name: "nginx", scope: "Cluster" },
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "web", namespace: "default" },
    spec: {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { namespaceSelector: {}, podSelector: { matchLabels: { app: "proxy" } } },
            { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
          ],
          ports: [{ port: 8080, endPort: 8090, protocol: "TCP" }],
        },
      ],
      egress: [{}],
    },
  },
];
