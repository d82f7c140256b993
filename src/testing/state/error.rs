//! The errors of the state: the broken rule, and the value that broke it.
//!
//! [`http`](crate::testing::http) has the status and the message that Quay sends for them.

use crate::testing::state::namespaces::NameRule;
use crate::types::RepositoryState;
use std::fmt;
use thiserror::Error;

/// The error of an operation of the state.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StateError {
    // Access and existence.
    #[error("authentication required")]
    Unauthenticated,
    #[error("permission denied")]
    PermissionDenied,
    #[error("not found")]
    NotFound,
    /// Input at which Quay fails without a specific error response.
    #[error("the server fails at this input")]
    Unhandled,

    // Names of namespaces, users and their accounts.
    #[error("Invalid {kind} {name:?}: it {rule}")]
    InvalidName {
        kind: NameKind,
        name: String,
        rule: NameRule,
    },
    #[error("the name {name:?} has already been taken")]
    NameTaken { name: String, by_organization: bool },
    #[error("a user with this name exists")]
    UserExists,
    #[error("a user or an organization with this name exists")]
    NamespaceExists,
    /// The namespace was deleted recently.
    #[error("the name is not free yet")]
    NameNotFreeYet,
    #[error("there is no namespace {0:?}")]
    NoSuchNamespace(String),
    #[error("there are users already")]
    NotEmpty,
    #[error("invalid email address {0:?}")]
    InvalidEmail(Option<String>),
    #[error("the email address {0:?} has already been taken")]
    EmailTaken(String),
    /// The same for an address that is changed.
    #[error("the email address is in use")]
    EmailUsed,
    #[error("invalid password")]
    InvalidPassword,
    #[error("can't {action} a superuser")]
    ProtectedSuperuser { action: &'static str },
    #[error("{user:?} is the only administrator of {organizations:?}")]
    OnlyAdminOf {
        user: String,
        organizations: Vec<String>,
    },

    // Organizations and teams.
    #[error("there is no organization {0:?}")]
    NoSuchOrganization(String),
    #[error("invalid contact address")]
    InvalidContactEmail,
    #[error("the only administrator of an organization can't be removed")]
    OnlyOrganizationAdmin,
    #[error("the organization is a proxy cache already")]
    ProxyCacheExists,
    #[error("no host of a registry")]
    NoRegistryHost,
    #[error("the organization has immutable tags")]
    ImmutableTagsExist,
    #[error("there is no team {team:?} in {organization:?}")]
    NoSuchTeam { team: String, organization: String },
    /// The role of the caller's only team of administrators can't be changed.
    #[error("the caller would no longer administer {organization:?}")]
    OnlyAdminTeamRole { team: String, organization: String },
    /// The caller's only team of administrators can't be deleted.
    #[error("{user:?} would no longer administer {organization:?}")]
    OnlyAdminTeamDelete {
        team: String,
        organization: String,
        user: String,
    },
    /// The caller can't leave their only team of administrators.
    #[error("the caller would no longer administer the organization")]
    OnlyAdminTeamLeave,
    #[error("there is no such user or robot account")]
    UnknownMember,
    #[error("{member:?} is in the team {team:?}")]
    AlreadyMember { member: String, team: String },
    #[error("{member:?} is not in the team {team:?}")]
    NotMember { member: String, team: String },
    #[error("there is no team {team:?} in {organization:?} to give a default permission")]
    UnknownDelegateTeam { team: String, organization: String },
    #[error("there is no such activating user")]
    UnknownActivatingUser,
    #[error("there is no such user to give a default permission")]
    UnknownDelegate,

    // Robot accounts.
    #[error("the robot account {0:?} has already been created")]
    RobotExists(String),
    #[error("there is no such robot account")]
    NoSuchRobot,
    #[error("no identity may act as the robot account")]
    NotFederated,
    #[error("the identity token is no JWT")]
    MalformedIdentityToken,
    #[error("the identity token has no issuer")]
    IdentityWithoutIssuer,
    #[error("no identity of the issuer {0:?} may act as the robot account")]
    UnknownIssuer(String),
    #[error("the identity token is not valid: {0}")]
    IdentityTokenRefused(&'static str),
    #[error("the subject of the identity token may not act as the robot account")]
    UnknownSubject,
    #[error("the name of the robot account is too long with its namespace")]
    RobotNameTooLong,
    #[error("a mirror uses the robot account")]
    RobotInUse,
    #[error("an identity needs an issuer and a subject")]
    IncompleteIdentity,
    #[error("an issuer must be a URL")]
    IssuerNotUrl,
    #[error("an identity is given twice")]
    DuplicateIdentity,

    // Applications and their tokens.
    #[error("the name of the application is reserved")]
    ReservedApplicationName,
    #[error("the name of a token must not be empty")]
    EmptyTokenName,
    #[error("invalid scope {0:?}")]
    InvalidScope(String),

    // Repositories and permissions.
    #[error("the repository exists")]
    RepositoryExists,
    #[error("invalid name of a repository")]
    InvalidRepositoryName,
    #[error("the repository is in the state {0}")]
    RepositoryNotWritable(RepositoryState),
    #[error("the owner of a namespace is its administrator")]
    OwnerIsAdmin,
    #[error("the robot account {robot:?} is not of the namespace {namespace:?}")]
    ForeignRobot { robot: String, namespace: String },
    #[error("there is no user {0:?}")]
    UnknownGrantee(String),
    #[error("there is no team {team:?} in {organization:?} to grant a role")]
    UnknownTeam { team: String, organization: String },
    #[error("nothing was granted")]
    NoPermission { of_team: bool },

    // Tags and manifests.
    #[error("invalid name of a tag")]
    InvalidTagName,
    #[error("can't {action} the immutable tag {tag:?}")]
    TagImmutable { tag: String, action: TagAction },
    #[error("the expiration is in the past, or after the year 9999")]
    InvalidExpiration,
    #[error("the tag {0:?} is immutable and can't expire")]
    ExpirationOfImmutableTag(String),
    #[error("the tag {0:?} expires and can't be immutable")]
    ImmutabilityOfExpiringTag(String),
    #[error("the prefix of the label is reserved")]
    ReservedLabel,
    #[error("invalid key of a label")]
    InvalidLabelKey,

    // Policies and quotas.
    #[error("unknown method of pruning")]
    InvalidPruneMethod,
    #[error("the value does not fit the method of pruning")]
    InvalidPruneValue,
    #[error("the pattern is empty")]
    EmptyPrunePattern,
    #[error("the {0} has the same policy")]
    SamePolicyExists(&'static str),
    #[error("a policy needs a pattern")]
    NoPattern,
    #[error("the pattern is too long")]
    PatternTooLong,
    #[error("the pattern is no regular expression: {0}")]
    InvalidPattern(String),
    #[error("there is a policy with this pattern")]
    PatternExists,
    #[error("an organization that is a mirror has no policies")]
    PolicyOfMirror,
    #[error("{0:?} has a quota")]
    QuotaExists(String),
    #[error("invalid size of a quota: {0}")]
    InvalidQuotaSize(i64),
    #[error("a limit warns or rejects")]
    InvalidLimitKind,
    #[error("a threshold must be between 1 and 100")]
    InvalidThreshold,
    /// The same for a new limit of zero percent, which is noticed later.
    #[error("a threshold must not be 0")]
    ZeroThreshold,
    #[error("the quota has this limit")]
    LimitExists,
    #[error("the limit is one of another quota")]
    LimitOfOtherQuota,

    // Mirrors.
    #[error("invalid reference: {0:?}")]
    InvalidReference(ReferenceRule),
    #[error("invalid scheme {0:?}")]
    InvalidUrlScheme(String),
    #[error("localhost can't be mirrored")]
    MirrorOfLocalhost(MirrorAddress),
    #[error("a local address can't be mirrored")]
    MirrorOfLocalAddress(MirrorAddress),
    #[error("{0:?} has a mirror")]
    MirrorExists(String),
    #[error("a mirror of the organization manages the repository")]
    ManagedByOrganizationMirror,
    #[error("the robot account is of another namespace")]
    InvalidMirrorRobot,
    #[error("there is no robot account {0:?}")]
    UnknownMirrorRobot(String),
    #[error("the robot account is of another organization")]
    ForeignMirrorRobot,
    #[error("an organization with repositories can't be a mirror")]
    MirrorNeedsEmptyOrganization,
    #[error("an organization with immutability policies can't be a mirror")]
    MirrorWithPolicies,
    #[error("the organization has a mirror")]
    OrganizationMirrorExists,
    #[error("the repositories of the mirror are being discovered")]
    DiscoveryRunning,
    #[error("repositories of the mirror are being synchronized")]
    RepositoriesSyncing,
    #[error("the mirror is cancelled")]
    AlreadyCancelled,

    // Notifications.
    #[error("no event of a namespace: {0:?}")]
    InvalidNamespaceEvent(String),
    #[error("unknown method {0:?}")]
    UnknownNotificationMethod(String),
    #[error("the method {method:?} needs {field:?}")]
    MissingNotificationSetting { method: String, field: &'static str },
    #[error("a webhook can't be sent to this URL")]
    InvalidWebhookUrl,
    #[error("invalid template of a webhook: {0}")]
    InvalidWebhookTemplate(String),
    #[error("the email address is not confirmed")]
    EmailNotAuthorized,
    #[error("the notification has no target")]
    MissingNotificationTarget,
    #[error("there is no {0:?} {1:?}")]
    UnknownNotificationTarget(NotificationTarget, String),
    #[error("{namespace}/{repository} has no notification {uuid:?}")]
    NoSuchNotification {
        namespace: String,
        repository: String,
        uuid: String,
    },

    // Builds, logs and service keys.
    #[error("the build does not wait any more")]
    BuildRunning,
    #[error("the trigger is disabled")]
    TriggerDisabled,
    #[error("a build needs a commit or a branch")]
    NothingToBuild,
    #[error("there is no namespace {0:?} with a log")]
    NoSuchLogNamespace(String),
    #[error("invalid name of a service")]
    InvalidService,
    #[error("the expiration of a key must be in the future")]
    KeyExpirationInPast,
}

/// The kind of object that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Namespace,
    /// A namespace that gets a new name.
    Username,
    Team,
    Robot,
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Namespace | Self::Username => "namespace",
            Self::Team => "team",
            Self::Robot => "robot account",
        })
    }
}

/// An operation that an immutable tag refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagAction {
    Delete,
    Overwrite,
}

impl fmt::Display for TagAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Delete => "delete",
            Self::Overwrite => "overwrite",
        })
    }
}

/// The rule that the reference of a mirror breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceRule {
    Required,
    NoWhitespace,
    NoScheme,
    Path,
}

/// The argument in which a mirror names the registry that it copies from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MirrorAddress {
    /// The reference of a repository's mirror.
    Reference,
    /// The URL of an organization's mirror.
    Url,
}

/// The kinds of recipients of a notification in the web UI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationTarget {
    User,
    Organization,
    Team,
}
