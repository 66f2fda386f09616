import { fieldsOf, findingAbout, formatRef, type Rule, refOf, textOf } from "@ashlar/core";

const CODE = "iam/no-long-lived-token";
const TOKEN_SECRET = "kubernetes.io/service-account-token";
const ACCOUNT = "kubernetes.io/service-account.name";

/** A Secret for which the controller-manager makes a ServiceAccount token that never expires. */
export const noLongLivedToken: Rule = {
  code: CODE,
  check: ({ resources, locate }) =>
    resources
      .filter(
        ({ kind, apiVersion, type }) => kind === "Secret" && apiVersion === "v1" && type === TOKEN_SECRET,
      )
      .map((secret) => {
        const metadata = fieldsOf(secret.metadata);
        const account = textOf(fieldsOf(metadata.annotations)[ACCOUNT]) || "NAME";
        const namespace = textOf(metadata.namespace);
        return findingAbout(secret, locate, {
          code: CODE,
          severity: "warning",
          message: `${formatRef(refOf(secret))} holds a token of ServiceAccount ${account} that never expires and works from anywhere`,
          hint: `take a token that expires: kubectl create token ${account}${namespace && ` -n ${namespace}`}, or a serviceAccountToken in a projected volume; pods have one by themselves`,
          path: "type",
        });
      }),
};
