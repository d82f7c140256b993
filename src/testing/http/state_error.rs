//! The error responses that Quay sends for the errors of the state.

use crate::testing::ErrorResponse;
use crate::testing::state::error::{
    MirrorAddress, NameKind, NotificationTarget, ReferenceRule, StateError,
};
use crate::testing::state::namespaces::NameRule;
use crate::testing::state::notifications::NAMESPACE_EVENTS;
use crate::testing::state::policies::MAX_PATTERN;
use crate::types::RepositoryState;

const INVALID_PASSWORD: &str =
    "Invalid password, password must be at least 8 characters and contain no whitespace.";
const INVALID_TAG: &str = "Invalid tag: must match [A-Za-z0-9_.-], NOT start with \".\" or \"-\", \
                           and can contain 1-128 characters";
const INVALID_LABEL: &str = "Label is of an invalid format or missing please use \
     ^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$ format for labels";
const INVALID_THRESHOLD: &str = "Quota limit threshold must be between 1 and 100";
const EMAIL_NOT_AUTHORIZED: &str =
    "The specified e-mail address is not authorized to receive notifications for this repository";
const MANAGED_BY_ORGANIZATION_MIRROR: &str = "Repository mirror configuration cannot be managed \
                                              when organization-level mirroring is configured";
const POLICY_OF_MIRROR: &str = "Cannot create immutability policy: organization is managed by \
                                organization-level mirroring";
const MIRROR_NEEDS_EMPTY_ORGANIZATION: &str = "Cannot create organization mirror: the organization already contains repositories. \
     Organization mirroring requires an empty organization.";
const MIRROR_WITH_POLICIES: &str = "Cannot create organization mirror: the organization has \
     immutability policies configured. Remove all namespace immutability policies first.";
const REPOSITORIES_SYNCING: &str = "Cannot trigger sync: repositories are still syncing. Cancel \
     the current sync and wait for all repositories to reach a terminal state before triggering a \
     new sync.";

impl From<StateError> for ErrorResponse {
    fn from(error: StateError) -> Self {
        use StateError::*;
        match error {
            Unauthenticated => Self::Unauthenticated,
            PermissionDenied => Self::InsufficientScope,
            NotFound => Self::NotFound,
            Unhandled => Self::Internal,

            InvalidName { kind, name, rule } => invalid_name(kind, &name, rule),
            NameTaken {
                name,
                by_organization: true,
            } => Self::message(format!(
                "Username has already been taken by an organization and cannot be reused: {name}"
            )),
            NameTaken { name, .. } => Self::message(format!(
                "Username has already been taken by user cannot be reused: {name}"
            )),
            UserExists => Self::invalid("The username already exists"),
            NamespaceExists => {
                Self::invalid("A user or organization with this name already exists")
            }
            NameNotFreeYet => Self::message("Username is not available"),
            NoSuchNamespace(name) => Self::message(format!("Username does not exist: {name}")),
            NotEmpty => Self::message("Cannot initialize user in a non-empty database"),
            InvalidEmail(email) => {
                let shown = email.as_deref().unwrap_or("None");
                Self::message(format!("Invalid email address: {shown}"))
            }
            EmailTaken(email) => Self::message(format!("Email has already been used: {email}")),
            EmailUsed => Self::message("E-mail address already used"),
            InvalidPassword => Self::invalid(INVALID_PASSWORD),
            ProtectedSuperuser { action } => Self::invalid(format!("Cannot {action} a superuser")),
            OnlyAdminOf {
                user,
                organizations,
            } => Self::message(format!(
                "Cannot delete {user} as you are the only admin for organizations: {}",
                organizations.join(", ")
            )),

            NoSuchOrganization(name) => {
                Self::message(format!("Organization does not exist: {name}"))
            }
            InvalidContactEmail => Self::invalid("Invalid email address"),
            OnlyOrganizationAdmin => {
                Self::message("Cannot remove user as they are the only organization admin")
            }
            ProxyCacheExists => Self::invalid("Proxy Cache Configuration already exists"),
            NoRegistryHost => Self::invalid("URL must include a hostname"),
            ImmutableTagsExist => {
                Self::invalid("Cannot convert organization to proxy cache: immutable tags exist")
            }
            NoSuchTeam { team, organization } => Self::message(format!(
                "Team '{team}' is not a team in org '{organization}'"
            )),
            OnlyAdminTeamRole { team, organization } => Self::message(format!(
                "Cannot remove admin from team '{team}' because calling user would no longer have \
                 admin on org '{organization}'"
            )),
            OnlyAdminTeamDelete {
                team,
                organization,
                user,
            } => Self::message(format!(
                "Deleting team '{team}' would remove admin ability for user '{user}' in \
                 organization '{organization}'"
            )),
            OnlyAdminTeamLeave => {
                Self::message("User cannot remove themselves from their only admin team.")
            }
            UnknownMember => Self::invalid("Unknown user"),
            AlreadyMember { member, team } => {
                Self::message(format!("User {member} is already a member of team {team}"))
            }
            NotMember { member, team } => {
                Self::message(format!("User {member} does not belong to team {team}"))
            }
            // Quay sends the format and its arguments.
            UnknownDelegateTeam { team, organization } => Self::message(format!(
                "('Team does not exist: %s/%s', '{organization}', '{team}')"
            )),
            UnknownActivatingUser => Self::invalid("Unknown activating user"),
            UnknownDelegate => Self::invalid("Missing delegate user or team"),

            RobotExists(name) => Self::invalid(format!("Existing robot with name: {name}")),
            NoSuchRobot => Self::message("Could not find robot with specified username"),
            NotFederated => Self::message("Robot does not have federated login configured"),
            MalformedIdentityToken => Self::Internal,
            IdentityWithoutIssuer => Self::message("Token does not contain issuer"),
            UnknownIssuer(issuer) => {
                Self::message(format!("issuer {issuer} not configured for this robot"))
            }
            IdentityTokenRefused(reason) => Self::message(format!("Invalid token: {reason}")),
            UnknownSubject => Self::message("Token does not match robot"),
            RobotNameTooLong => Self::message("value too long for type character varying(255)\n"),
            RobotInUse => Self::invalid("Robot is being used by a mirror"),
            IncompleteIdentity => {
                Self::invalid("Missing one or more required fields (issuer, subject)")
            }
            IssuerNotUrl => Self::invalid("Issuer must be a URL (http:// or https://)"),
            DuplicateIdentity => Self::invalid("Duplicate federation config entry"),

            ReservedApplicationName => {
                Self::invalid("Application name is reserved for bootstrap token provisioning")
            }
            EmptyTokenName => Self::message("'name' must not be empty"),
            InvalidScope(scope) => Self::message(format!("Invalid scope: {scope}")),

            RepositoryExists => Self::invalid("Repository already exists"),
            InvalidRepositoryName => Self::invalid("Invalid repository name"),
            RepositoryNotWritable(state) => not_writable(&state),
            OwnerIsAdmin => Self::invalid("Namespace owner must always be admin."),
            ForeignRobot { robot, namespace } => Self::invalid(format!(
                "Cannot add robot {robot} under namespace {namespace}"
            )),
            UnknownGrantee(user) => Self::invalid(format!("Invalid username: {user}")),
            UnknownTeam { team, organization } => {
                Self::invalid(format!("No team {team} in organization {organization}"))
            }
            NoPermission { of_team } => Self::invalid(format!(
                "{} does not have permission for repo.",
                if of_team { "Team" } else { "User" }
            )),

            InvalidTagName => Self::message(INVALID_TAG),
            TagImmutable { tag, action } => Self::TagImmutable(tag, action.to_string()),
            InvalidExpiration => Self::BadRequest,
            ExpirationOfImmutableTag(tag) => {
                Self::message(format!("Cannot set expiration on immutable tag '{tag}'"))
            }
            ImmutabilityOfExpiringTag(tag) => Self::message(format!(
                "Cannot make tag '{tag}' immutable: tag has expiration set. Clear expiration \
                 first or enable FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE."
            )),
            ReservedLabel => Self::message("Label has a reserved prefix"),
            InvalidLabelKey => Self::message(INVALID_LABEL),

            InvalidPruneMethod => Self::invalid("Invalid method provided"),
            InvalidPruneValue => Self::invalid("Invalid value given for method type"),
            EmptyPrunePattern => Self::invalid("tag_pattern cannot be empty"),
            SamePolicyExists(owner) => Self::invalid(format!(
                "Existing policy with same values for this {owner}, duplicate policies are not \
                 permitted"
            )),
            NoPattern => Self::invalid("tag_pattern is required and must be a non-empty string"),
            PatternTooLong => Self::invalid(format!(
                "tag_pattern must be {MAX_PATTERN} characters or less"
            )),
            InvalidPattern(reason) => Self::invalid(format!("Invalid regex pattern: {reason}")),
            PatternExists => Self::invalid("A policy with the same tag_pattern already exists"),
            PolicyOfMirror => Self::invalid(POLICY_OF_MIRROR),
            QuotaExists(name) => Self::invalid(format!("Quota for '{name}' already exists")),
            InvalidQuotaSize(bytes) => {
                Self::invalid(format!("Invalid quota size limit value: '{bytes}'"))
            }
            InvalidLimitKind => Self::message("Quota type must be one of [Warning, Reject]"),
            InvalidThreshold => Self::message(INVALID_THRESHOLD),
            ZeroThreshold => Self::invalid(INVALID_THRESHOLD),
            LimitExists => Self::invalid("Quota limit already exists"),
            LimitOfOtherQuota => Self::message(""),

            InvalidReference(rule) => Self::invalid(format!(
                "External registry reference {}",
                match rule {
                    ReferenceRule::Required => "is required",
                    ReferenceRule::NoWhitespace => "must not include whitespace",
                    ReferenceRule::NoScheme => "must not include a URL scheme",
                    ReferenceRule::Path => "must include a repository path",
                }
            )),
            InvalidUrlScheme(scheme) => Self::invalid(format!(
                "Invalid URL scheme '{scheme}': only HTTP and HTTPS are allowed"
            )),
            MirrorOfLocalhost(address) => {
                let text = "Hostname 'localhost' is not allowed";
                match address {
                    MirrorAddress::Reference => Self::message(text),
                    MirrorAddress::Url => Self::invalid(text),
                }
            }
            MirrorOfLocalAddress(address) => Self::invalid(format!(
                "The provided registry {} is not allowed",
                match address {
                    MirrorAddress::Reference => "location",
                    MirrorAddress::Url => "URL",
                }
            )),
            MirrorExists(path) => Self::Detail(
                409,
                format!("Mirror configuration already exits for repository {path}"),
            ),
            ManagedByOrganizationMirror => Self::invalid(MANAGED_BY_ORGANIZATION_MIRROR),
            InvalidMirrorRobot => Self::message("Invalid robot"),
            UnknownMirrorRobot(name) => Self::invalid(format!("Invalid robot account: {name}")),
            ForeignMirrorRobot => Self::invalid("Robot account must belong to the organization"),
            MirrorNeedsEmptyOrganization => Self::invalid(MIRROR_NEEDS_EMPTY_ORGANIZATION),
            MirrorWithPolicies => Self::invalid(MIRROR_WITH_POLICIES),
            OrganizationMirrorExists => {
                Self::invalid("Mirror configuration already exists for this organization")
            }
            DiscoveryRunning => {
                Self::invalid("Cannot trigger sync: discovery is currently in progress.")
            }
            RepositoriesSyncing => Self::invalid(REPOSITORIES_SYNCING),
            AlreadyCancelled => Self::invalid("Cannot cancel: mirror is already cancelled"),

            InvalidNamespaceEvent(event) => Self::invalid(format!(
                "Invalid event '{event}'. Must be one of: {}",
                NAMESPACE_EVENTS.join(", ")
            )),
            UnknownNotificationMethod(method) => {
                Self::invalid(format!("Unknown notification method '{method}'"))
            }
            MissingNotificationSetting { method, field } => {
                Self::invalid(missing_setting(&method, field))
            }
            InvalidWebhookUrl => Self::invalid("Invalid webhook URL"),
            InvalidWebhookTemplate(reason) => Self::invalid(reason),
            EmailNotAuthorized => Self::invalid(EMAIL_NOT_AUTHORIZED),
            MissingNotificationTarget => Self::invalid("Missing target"),
            UnknownNotificationTarget(target, name) => {
                let kind = match target {
                    NotificationTarget::User => "user",
                    NotificationTarget::Organization => "organization",
                    NotificationTarget::Team => "team",
                };
                Self::invalid(format!("Unknown {kind} {name}"))
            }
            NoSuchNotification {
                namespace,
                repository,
                uuid,
            } => Self::invalid(format!(
                "No repository notification found for: {namespace}, {repository}, {uuid}"
            )),

            BuildRunning => Self::invalid("Build is currently running or has finished"),
            TriggerDisabled => Self::invalid("Trigger is not enabled."),
            NothingToBuild => Self::invalid("missing required parameter"),
            NoSuchLogNamespace(name) => {
                Self::message(format!("Invalid namespace requested: {name}"))
            }
            InvalidService => Self::message(""),
            KeyExpirationInPast => Self::invalid("Expiration date cannot be in the past"),
        }
    }
}

fn invalid_name(kind: NameKind, name: &str, rule: NameRule) -> ErrorResponse {
    let subject = match kind {
        NameKind::Team => "Team",
        NameKind::Namespace | NameKind::Username | NameKind::Robot => "Namespace",
    };
    let issue = match rule {
        NameRule::Characters => {
            "Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$".to_owned()
        }
        NameRule::Length => format!("{subject} must be between 2 and 255 characters in length"),
    };
    match kind {
        NameKind::Namespace => ErrorResponse::message(format!("Invalid namespace {name}: {issue}")),
        NameKind::Username => ErrorResponse::message(format!("Invalid username {name}: {issue}")),
        NameKind::Team => ErrorResponse::message(format!("Invalid team name {name}: {issue}")),
        NameKind::Robot => ErrorResponse::invalid(format!(
            "The name for the robot '{name}' is invalid: {issue}"
        )),
    }
}

fn not_writable(state: &RepositoryState) -> ErrorResponse {
    let number = match state {
        RepositoryState::ReadOnly => 1,
        RepositoryState::Mirror => 2,
        _ => 4,
    };
    let text = format!("Repository is in read only or mirror mode: {number}");
    ErrorResponse::Message(503, text.into())
}

fn missing_setting(method: &str, field: &str) -> &'static str {
    match (method, field) {
        ("webhook", _) => "Missing webhook URL",
        ("slack", _) => "Missing Slack Callback URL",
        ("flowdock", _) => "Missing Flowdock API Token",
        ("hipchat", "notification_token") => "Missing Hipchat Room Notification Token",
        ("hipchat", _) => "Missing Hipchat Room ID",
        _ => "Missing e-mail address",
    }
}
