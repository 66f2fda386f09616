/**
 * How Keycloak 26.7.3 reads each field (the fields of org.keycloak.representations.idm). It refuses fields that it does not
 * know. `text`: any scalar; `flag`: true, false or their texts; `number`: or its text; `texts`: list of scalars; `map`: object
 * of scalars; `lists`: object of lists of scalars; `objects`: list of objects; `other`: not looked into.
 */
export type FieldForm = "text" | "flag" | "number" | "texts" | "map" | "lists" | "objects" | "other";

export type Fields = ReadonlyMap<string, FieldForm>;

function fields(forms: { readonly [F in FieldForm]?: string }): Fields {
  return new Map(
    Object.entries(forms).flatMap(([form, names]) =>
      names.split(" ").map((name): [string, FieldForm] => [name, form as FieldForm]),
    ),
  );
}

export const REALM_FIELDS: Fields = fields({
  text:
    "accountTheme adminTheme browserFlow certificate clientAuthenticationFlow codeSecret " +
    "defaultLocale defaultSignatureAlgorithm directGrantFlow displayName displayNameHtml " +
    "dockerAuthenticationFlow emailTheme firstBrokerLoginFlow id keycloakVersion loginTheme " +
    "otpPolicyAlgorithm otpPolicyType passwordPolicy privateKey publicKey realm " +
    "registrationFlow resetCredentialsFlow sslRequired " +
    "webAuthnPolicyAttestationConveyancePreference webAuthnPolicyAuthenticatorAttachment " +
    "webAuthnPolicyPasswordlessAttestationConveyancePreference " +
    "webAuthnPolicyPasswordlessAuthenticatorAttachment webAuthnPolicyPasswordlessMediation " +
    "webAuthnPolicyPasswordlessRequireResidentKey webAuthnPolicyPasswordlessResidentKey " +
    "webAuthnPolicyPasswordlessRpEntityName webAuthnPolicyPasswordlessRpId " +
    "webAuthnPolicyPasswordlessUserVerificationRequirement webAuthnPolicyRequireResidentKey " +
    "webAuthnPolicyResidentKey webAuthnPolicyRpEntityName webAuthnPolicyRpId " +
    "webAuthnPolicyUserVerificationRequirement",
  flag:
    "adminEventsDetailsEnabled adminEventsEnabled adminPermissionsEnabled bruteForceProtected " +
    "duplicateEmailsAllowed editUsernameAllowed enabled eventsEnabled " +
    "internationalizationEnabled loginWithEmailAllowed offlineSessionMaxLifespanEnabled " +
    "organizationsEnabled otpPolicyCodeReusable passwordCredentialGrantAllowed " +
    "permanentLockout realmCacheEnabled registrationAllowed registrationEmailAsUsername " +
    "rememberMe resetPasswordAllowed revokeRefreshToken scimApiEnabled social " +
    "updateProfileOnInitialSocialLogin userCacheEnabled userManagedAccessAllowed " +
    "verifiableCredentialsEnabled verifyEmail webAuthnPolicyAvoidSameAuthenticatorRegister " +
    "webAuthnPolicyPasswordlessAvoidSameAuthenticatorRegister " +
    "webAuthnPolicyPasswordlessPasskeysEnabled",
  number:
    "accessCodeLifespan accessCodeLifespanLogin accessCodeLifespanUserAction " +
    "accessTokenLifespan accessTokenLifespanForImplicitFlow " +
    "actionTokenGeneratedByAdminLifespan actionTokenGeneratedByUserLifespan " +
    "clientOfflineSessionIdleTimeout clientOfflineSessionMaxLifespan clientSessionIdleTimeout " +
    "clientSessionMaxLifespan eventsExpiration failureFactor maxDeltaTimeSeconds " +
    "maxFailureWaitSeconds maxSecondaryAuthFailures maxTemporaryLockouts " +
    "minimumQuickLoginWaitSeconds notBefore oauth2DeviceCodeLifespan " +
    "oauth2DevicePollingInterval offlineSessionIdleTimeout offlineSessionMaxLifespan " +
    "otpPolicyDigits otpPolicyInitialCounter otpPolicyLookAheadWindow otpPolicyPeriod " +
    "quickLoginCheckMilliSeconds refreshTokenMaxReuse ssoSessionIdleTimeout " +
    "ssoSessionIdleTimeoutRememberMe ssoSessionMaxLifespan ssoSessionMaxLifespanRememberMe " +
    "waitIncrementSeconds webAuthnPolicyCreateTimeout webAuthnPolicyPasswordlessCreateTimeout",
  texts:
    "defaultDefaultClientScopes defaultGroups defaultOptionalClientScopes defaultRoles " +
    "enabledEventTypes eventsListeners otpSupportedApplications requiredCredentials " +
    "supportedLocales webAuthnPolicyAcceptableAaguids webAuthnPolicyExtraOrigins " +
    "webAuthnPolicyPasswordlessAcceptableAaguids webAuthnPolicyPasswordlessExtraOrigins " +
    "webAuthnPolicyPasswordlessSignatureAlgorithms webAuthnPolicySignatureAlgorithms",
  map: "attributes browserSecurityHeaders smtpServer socialProviders",
  objects:
    "applications authenticationFlows authenticatorConfig clientScopes clientTemplates " +
    "clients federatedUsers groups identityProviderMappers identityProviders oauthClients " +
    "organizations protocolMappers requiredActions scopeMappings userFederationMappers " +
    "userFederationProviders users",
  other:
    "adminPermissionsClient applicationScopeMappings bruteForceStrategy clientPolicies " +
    "clientProfiles clientScopeMappings components defaultRole localizationTexts roles",
});

export const CLIENT_FIELDS: Fields = fields({
  text:
    "adminUrl baseUrl clientAuthenticatorType clientId clientTemplate description id name " +
    "origin protocol registrationAccessToken rootUrl secret type",
  flag:
    "alwaysDisplayInConsole authorizationServicesEnabled bearerOnly consentRequired " +
    "directAccessGrantsEnabled directGrantsOnly enabled frontchannelLogout fullScopeAllowed " +
    "implicitFlowEnabled publicClient serviceAccountsEnabled standardFlowEnabled " +
    "surrogateAuthRequired useTemplateConfig useTemplateMappers useTemplateScope",
  number: "nodeReRegistrationTimeout notBefore",
  texts: "defaultClientScopes defaultRoles optionalClientScopes redirectUris webOrigins",
  map: "attributes authenticationFlowBindingOverrides",
  objects: "protocolMappers",
  other: "access authorizationSettings registeredNodes",
});

export const ROLE_FIELDS: Fields = fields({
  text: "containerId description id name",
  flag: "clientRole composite scopeParamRequired",
  lists: "attributes",
  other: "composites",
});

export const GROUP_FIELDS: Fields = fields({
  text: "description id name parentId path",
  number: "subGroupCount",
  texts: "realmRoles",
  lists: "attributes clientRoles",
  objects: "subGroups",
  other: "access",
});

export const MAPPER_FIELDS: Fields = fields({
  text: "consentText id name protocol protocolMapper",
  flag: "consentRequired",
  map: "config",
});

export const CLIENT_SCOPE_FIELDS: Fields = fields({
  text: "description id name protocol",
  map: "attributes",
  objects: "protocolMappers",
});

export const SCOPE_MAPPING_FIELDS: Fields = fields({
  text: "client clientScope clientTemplate self",
  texts: "roles",
});

export const USER_FIELDS: Fields = fields({
  text: "email federationLink firstName id lastName origin self serviceAccountClientId username",
  flag: "emailVerified enabled totp",
  number: "createdTimestamp notBefore",
  texts: "disableableCredentialTypes groups realmRoles requiredActions",
  lists: "applicationRoles attributes clientRoles",
  objects:
    "clientConsents credentials federatedIdentities issuedVerifiableCredentials socialLinks " +
    "verifiableCredentials",
  other: "access userProfileMetadata",
});

export const REQUIRED_ACTION_FIELDS: Fields = fields({
  text: "alias name providerId",
  flag: "defaultAction enabled",
  number: "priority",
  map: "config",
});

export const PARTIAL_IMPORT_FIELDS: Fields = fields({
  text: "ifResourceExists",
  objects: "clients groups identityProviderMappers identityProviders users",
  other: "policy roles",
});
