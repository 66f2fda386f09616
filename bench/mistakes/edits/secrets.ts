import { append, at, type Mistake, mistakes, set } from "../mistake.ts";

const API = "prod/Deployment/api";
const CONTAINER = "spec.template.spec.containers[0]";

// Credentials of nobody: each has the form of a real one.
const AWS_KEY = ["AKIA", "Q3EGPLVDZ7NBXK2M"].join("");
const PEM = [
  "-----BEGIN RSA",
  "PRIVATE KEY-----\nMIIEowIBAAKCAQEAx7Lm\n-----END RSA",
  "PRIVATE KEY-----\n",
].join(" ");
const JWT = [
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
  "eyJzdWIiOiJib3QiLCJpYXQiOjE3NjM4NTYwMDB9",
  "c2lnbmF0dXJlLW9mLW5vYm9keS1hdC1hbGwtMTIzNDU2",
].join(".");

export const secrets: readonly Mistake[] = mistakes("secret in plain sight", [
  [
    "plain-args",
    "a password is an argument",
    at(append(API, `${CONTAINER}.args`, "--db-password=Tr0ub4dor&3x"), `${CONTAINER}.args[2]`),
  ],
  [
    "plain-two-args",
    "a password is the argument after its option",
    at(
      set(API, `${CONTAINER}.args`, ["--listen=:8080", "--client-secret", "b7Kq9vXw2LmZt4Rc"]),
      `${CONTAINER}.args`,
    ),
  ],
  [
    "plain-env",
    "a password is the value of a variable",
    at(
      set(API, `${CONTAINER}.env[1]`, { name: "DB_PASSWORD", value: "Tr0ub4dor&3x" }),
      `${CONTAINER}.env[1]`,
    ),
  ],
  [
    "plain-config",
    "an AWS key is in a ConfigMap",
    set("prod/ConfigMap/api", "data.AWS_ACCESS_KEY_ID", AWS_KEY),
  ],
  [
    "plain-pem",
    "a private key is in a ConfigMap",
    at(set("prod/ConfigMap/api", "data[tls.pem]", PEM), "data[tls.pem]"),
  ],
  [
    "plain-url",
    "a database's URL has the password in it",
    at(
      append(API, `${CONTAINER}.env`, {
        name: "DATABASE_URL",
        value: "postgres://api:Tr0ub4dor3x@db:5432/shop",
      }),
      `${CONTAINER}.env[4]`,
    ),
  ],
  [
    "plain-jwt",
    "a token is an argument",
    at(
      append("dev/Job/migrate", `${CONTAINER}.command`, `--header=Authorization: Bearer ${JWT}`),
      `${CONTAINER}.command[2]`,
    ),
  ],
  [
    "plain-annotation",
    "a Secret's values are in the annotation that kubectl apply leaves",
    set("prod/Secret/api", "metadata.annotations", {
      "kubectl.kubernetes.io/last-applied-configuration":
        '{"apiVersion":"v1","data":{"password":"ZHVtbXk="},"kind":"Secret","metadata":{"name":"api","namespace":"prod"}}',
    }),
  ],
]);
