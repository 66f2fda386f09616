import type { RealmIntent } from "./intent.ts";
import type { RealmRepresentation } from "./representation.ts";

/** The realm's own switches, for a new realm and for master's alike. */
export function realmSettings(intent: RealmIntent): RealmRepresentation {
  const { displayName, loginTheme, lifetimes = {}, otp, password } = intent;
  const { accessTokenSeconds, sessionIdleMinutes, sessionMaxHours } = lifetimes;
  return {
    ...(displayName !== undefined && { displayName }),
    sslRequired: intent.sslRequired,
    bruteForceProtected: intent.bruteForce,
    ...(loginTheme !== undefined && { loginTheme }),
    ...(accessTokenSeconds !== undefined && { accessTokenLifespan: accessTokenSeconds }),
    ...(sessionIdleMinutes !== undefined && { ssoSessionIdleTimeout: sessionIdleMinutes * 60 }),
    ...(sessionMaxHours !== undefined && { ssoSessionMaxLifespan: sessionMaxHours * 3600 }),
    ...(password !== undefined && { passwordPolicy: passwordPolicy(password) }),
    ...(otp !== undefined && {
      otpPolicyType: otp.type,
      otpPolicyAlgorithm: otp.algorithm,
      otpPolicyDigits: otp.digits,
      otpPolicyPeriod: otp.periodSeconds,
      // Left out, an import makes it 0: a code that is a moment old would be refused.
      otpPolicyLookAheadWindow: 1,
    }),
  };
}

/** Keycloak's form: `length(12) and digits(1) and notUsername(undefined)`. */
function passwordPolicy(password: NonNullable<RealmIntent["password"]>): string {
  const { length, digits, lowerCase, upperCase, specialChars, history, expireDays = 0 } = password;
  const counts = { length, digits, lowerCase, upperCase, specialChars, passwordHistory: history };
  const rules = Object.entries({ ...counts, forceExpiredPasswordChange: expireDays })
    .filter(([, value]) => value > 0)
    .map(([rule, value]) => `${rule}(${value})`);
  if (password.notUsername) rules.push("notUsername(undefined)");
  if (password.notEmail) rules.push("notEmail(undefined)");
  return rules.join(" and ");
}

/** What a new realm of 26.7 asks of users, by alias: name, whether enabled, priority. A list in an import replaces it whole. */
const REQUIRED_ACTIONS: readonly (readonly [string, string, boolean, number])[] = [
  ["TERMS_AND_CONDITIONS", "Terms and Conditions", false, 20],
  ["UPDATE_PROFILE", "Update Profile", true, 40],
  ["VERIFY_EMAIL", "Verify Email", true, 50],
  ["CONFIGURE_TOTP", "Configure OTP", true, 54],
  ["UPDATE_PASSWORD", "Update Password", true, 57],
  ["delete_account", "Delete Account", false, 60],
  ["UPDATE_EMAIL", "Update Email", false, 70],
  ["webauthn-register", "Webauthn Register", true, 80],
  ["webauthn-register-passwordless", "Webauthn Register Passwordless", true, 90],
  ["VERIFY_PROFILE", "Verify Profile", true, 100],
  ["delete_credential", "Delete Credential", true, 110],
  ["idp_link", "Linking Identity Provider", true, 120],
  ["CONFIGURE_RECOVERY_AUTHN_CODES", "Recovery Authentication Codes", true, 130],
  ["update_user_locale", "Update User Locale", true, 1000],
];

/** The list with a one-time password that each new user sets up. */
export function requiredActionsWithOtp(): object[] {
  return REQUIRED_ACTIONS.map(([alias, name, enabled, priority]) => ({
    alias,
    name,
    providerId: alias,
    enabled,
    defaultAction: alias === "CONFIGURE_TOTP",
    priority,
    config: {},
  }));
}
