import type { Configuration } from "openid-client";
import { LiveError } from "./live-error.ts";
import { type LiveRequest, liveFetch } from "./live-fetch.ts";
import { isLoopback, readSecret, type Session, type SessionOptions } from "./login-options.ts";
import { protocolFailure } from "./protocol-failure.ts";

type OpenIdClient = typeof import("openid-client");

/** An identity provider that was found and whose documents are as they have to be. */
export interface Provider {
  readonly session: Session;
  readonly client: OpenIdClient;
  readonly configuration: Configuration;
  /** Runs one step of the protocol; whatever goes wrong becomes a LiveError that says where. */
  readonly ask: <T>(
    what: string,
    step: (client: OpenIdClient, configuration: Configuration) => Promise<T>,
  ) => Promise<T>;
}

const REQUEST_SECONDS = 15;

/**
 * Reads the discovery document of the session's issuer (OpenID Connect Discovery 1.0).
 *
 * @throws LiveError when the issuer cannot be reached, is not trusted or is not what it says it is
 */
export async function findProvider(
  session: Session,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<Provider> {
  const client = await import("openid-client");
  const secret = await readSecret(options.clientSecret);
  const { certificateAuthority, requestTimeoutSeconds = REQUEST_SECONDS } = options;
  const fetch = liveFetch({ certificateAuthority, requestTimeoutSeconds, signal });
  const secrets = secret === undefined ? [] : [secret];
  const issuer = new URL(session.issuer);
  const plain = issuer.protocol === "http:" && isLoopback(issuer);
  try {
    const configuration = await client.discovery(
      issuer,
      session.clientId,
      undefined,
      secret === undefined ? client.None() : client.ClientSecretBasic(secret),
      {
        [client.customFetch]: (url, request) => fetch(url, request as LiveRequest),
        timeout: requestTimeoutSeconds,
        // The ID token's signature is checked too, not only the connection that it came by.
        execute: [client.enableNonRepudiationChecks, ...(plain ? [client.allowInsecureRequests] : [])],
      },
    );
    checkMetadata(configuration, session);
    return {
      session,
      client,
      configuration,
      ask: async (what, step) => {
        try {
          return await step(client, configuration);
        } catch (error) {
          throw protocolFailure(error, `${session.issuer}: ${what}`, secrets);
        }
      },
    };
  } catch (error) {
    throw protocolFailure(error, `${session.issuer}: reading its discovery document`, secrets);
  }
}

/** openid-client compares issuers as URLs; API servers compare them letter by letter, and refuse every token of another one. */
function checkMetadata(configuration: Configuration, { issuer }: Session): void {
  const metadata = configuration.serverMetadata();
  if (metadata.issuer !== issuer)
    throw new LiveError(
      "bad-answer",
      `the issuer calls itself ${JSON.stringify(metadata.issuer)}, not ${JSON.stringify(issuer)}`,
      "use the issuer's own spelling here and in the API server, to the last slash",
    );
  if (metadata.code_challenge_methods_supported && !metadata.supportsPKCE("S256"))
    throw new LiveError(
      "bad-answer",
      `${issuer} does not do PKCE with S256`,
      "switch it on: without it a stolen code is a login",
    );
}
