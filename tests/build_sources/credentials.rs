//! Fields that may hold credentials have a type that is never printed.

use super::build::spec::schema::SchemaForm;
use super::build::spec::type_expr::TypeExpr;
use super::committed;
use std::collections::BTreeSet;

/// Parts of names by which fields are suspected.
const SUSPECTS: [&str; 15] = [
    "password",
    "passwd",
    "token",
    "secret",
    "credential",
    "private_key",
    "invite",
    "code",
    "template",
    "url",
    "uri",
    "proxy",
    "config",
    "env",
    "key",
];

/// Suspected fields that are text or free JSON, and the reason why each holds no credentials.
#[rustfmt::skip]
const HARMLESS: &[(&str, &str)] = &[
    ("CreateLabel.key", "the name of a label"),
    ("BuildPayload.docker_url", "host and name of a repository"),
    ("BuildQueuedPayload.docker_url", "host and name of a repository"),
    ("ImageExpiryPayload.docker_url", "host and name of a repository"),
    ("MirrorSyncPayload.docker_url", "host and name of a repository"),
    ("RepoPushPayload.docker_url", "host and name of a repository"),
    ("VulnerabilityFoundPayload.docker_url", "host and name of a repository"),
    ("ApplicationInformation.uri", "a home page"),
    ("AssignedAuthorization.redirectUri", "a registered address, as for applications"),
    ("AuthorizedApplication.url", "a home page"),
    ("Build.resource_key", "the identifier of an upload"),
    ("BuildSource.url", "a page of the source code's service"),
    ("BuildTrigger.repository_url", "a page of the source code's service"),
    ("BuildTriggerConfig.tag_templates", "names of tags"),
    ("BuildTriggerMetadata.git_url", "the public address of a repository"),
    ("CheckoutSession.cancel_url", "a page of the caller's"),
    ("CheckoutSession.success_url", "a page of the caller's"),
    ("CommitInfo.url", "a page of the source code's service"),
    ("CreateApplication.application_uri", "a home page"),
    ("CreateApplication.redirect_uri", "a registered address; the token follows behind it"),
    ("CreateOrganizationMirror.external_registry_url", "the password is a field of its own"),
    ("CreatedServiceKey.public_key", "public"),
    ("Descriptor.urls", "public addresses of a blob"),
    ("DiscoveryOperation.security", "the scopes of an operation"),
    ("DiscoverySecurity.authorizationUrl", "the same for everyone"),
    ("Label.key", "the name of a label"),
    ("Layer.urls", "public addresses of a layer"),
    ("LogMetadata.app_specific_token", "the identifier of a token"),
    ("LogMetadata.app_specific_token_title", "a name"),
    ("LogMetadata.application_uri", "a home page"),
    ("LogMetadata.external_registry_url", "the password is a field of its own"),
    ("LogMetadata.inviter", "a user"),
    ("LogMetadata.key", "the name of a label"),
    ("LogMetadata.oauth_token_application", "a name"),
    ("LogMetadata.oauth_token_application_id", "a public identifier"),
    ("LogMetadata.oauth_token_uuid", "the identifier of a token"),
    ("LogMetadata.redirect_uri", "a registered address; the token follows behind it"),
    ("LogMetadata.token", "a name"),
    ("LogMetadata.token_display_name", "a name"),
    ("Manifest.config_media_type", "a media type"),
    ("MirrorProxy.no_proxy", "host names"),
    ("OrganizationApplication.application_uri", "a home page"),
    ("OrganizationApplication.redirect_uri", "a registered address; the token follows behind it"),
    ("OrganizationMirror.external_registry_url", "the password is a field of its own"),
    ("ResolvedIp.country_iso_code", "a country"),
    ("ResolvedIp.sync_token", "the age of a public list"),
    ("SetCard.cancel_url", "a page of the caller's"),
    ("SetCard.success_url", "a page of the caller's"),
    ("SourceNamespace.avatar_url", "a public picture"),
    ("SourceNamespace.url", "a page of the source code's service"),
    ("Subscribe.cancel_url", "a page of the caller's"),
    ("Subscribe.success_url", "a page of the caller's"),
    ("TeamSyncService.keystone_url", "the public address of a service"),
    ("UpdateApplication.application_uri", "a home page"),
    ("UpdateApplication.redirect_uri", "a registered address; the token follows behind it"),
    ("UpdateOrganizationMirror.external_registry_url", "the password is a field of its own"),
    ("UserNotificationMetadata.inviter", "a user"),
];

#[test]
fn fields_that_may_hold_credentials_are_secrets() {
    let api = committed();
    let mut suspected = BTreeSet::new();
    for (schema, entry) in &api.schemas {
        let Ok(SchemaForm::Object(fields)) = entry.form() else {
            continue;
        };
        for (field, described) in fields {
            let is_open = matches!(described.ty.innermost(), TypeExpr::String | TypeExpr::Any);
            let name = field.to_lowercase();
            if is_open && SUSPECTS.iter().any(|suspect| name.contains(suspect)) {
                suspected.insert(format!("{schema}.{field}"));
            }
        }
    }
    let harmless: BTreeSet<String> = HARMLESS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let leaks: Vec<_> = suspected.difference(&harmless).collect();
    assert!(
        leaks.is_empty(),
        "make these fields a `Secret` or `SecretValue`, or say why they hold no credentials: \
         {leaks:#?}"
    );
    let outdated: Vec<_> = harmless.difference(&suspected).collect();
    assert!(outdated.is_empty(), "no such fields: {outdated:#?}");
}
