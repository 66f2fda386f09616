import { LiveError } from "../live-error.ts";
import { cleaned } from "../protocol-failure.ts";

/** The LiveError for an answer of Keycloak that is no success, with its reason as far as that holds no secret. */
export async function refusal(
  answer: Response,
  what: string,
  secrets: readonly string[],
): Promise<LiveError> {
  const { status } = answer;
  const reason = reasonIn(await answer.text(), secrets);
  const message = `Keycloak answered ${status} to ${what}${reason && `: ${reason}`}`;
  if (status === 404 || status === 409)
    return new LiveError(
      "conflict",
      message,
      "somebody else changed the realm, or it is not there: plan again and look at what is different",
    );
  if (status === 401)
    return new LiveError(
      "refused",
      message,
      "compare the client's id, secret and realm with those in Keycloak; its service account has to be on",
    );
  if (status === 403)
    return new LiveError(
      "refused",
      message,
      "give the client's service account the roles for this realm: in master those of the client NAME-realm, or admin",
    );
  if (status >= 400)
    return new LiveError("refused", message, "correct that part of the wanted realm and plan again");
  return new LiveError(
    "bad-answer",
    message,
    "is this the URL of a Keycloak, without a proxy that redirects? Since release 17 it has no /auth",
  );
}

/** Keycloak says why in one of these. */
function reasonIn(text: string, secrets: readonly string[]): string {
  try {
    const body = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const words = [body?.errorMessage, body?.error_description, body?.error];
    return cleaned(
      words.find((one) => typeof one === "string"),
      secrets,
    );
  } catch {
    return "";
  }
}
