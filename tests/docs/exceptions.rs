//! Handles that differ from the others, with the reason.

/// A handle, the verbs that it lacks or has in another form, and the reason. `item` is the method
/// in the singular that belongs to the collection's method in the plural.
pub const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    (
        "AppTokenHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "AppTokensHandle",
        &["create_if_absent"],
        "A title may be there several times; the secret of a token that is there is not returned.",
    ),
    (
        "ApplicationTokenHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "ApplicationTokensHandle",
        &["create_if_absent"],
        "A name may be there several times; a token is returned once, when it is created.",
    ),
    (
        "ApplicationsHandle",
        &["create_if_absent"],
        "A name may be there several times.",
    ),
    (
        "AssignedAuthorizationHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "AssignedAuthorizationsHandle",
        &["create", "create_if_absent"],
        "The administrator of an organization assigns them.",
    ),
    (
        "AuthorizationHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "AuthorizationsHandle",
        &["create", "create_if_absent"],
        "A person grants them in a browser: `Quay::authorization_url`.",
    ),
    (
        "AutoPrunePolicyHandle",
        &["update"],
        "The server replaces the policy as a whole, so that creating and updating take the same.",
    ),
    (
        "BillingHandle",
        &["get_opt", "create", "update", "delete", "delete_if_exists"],
        "Its parts have verbs of their own: `subscribe`, `change_plan`, `set_card`.",
    ),
    (
        "BuildHandle",
        &["update", "delete", "delete_if_exists"],
        "A build is history: it can be cancelled.",
    ),
    (
        "BuildsHandle",
        &["create_if_absent"],
        "Each request is another build.",
    ),
    (
        "DefaultPermissionHandle",
        &["update"],
        "Its role is the one value that can be changed: `set_role`.",
    ),
    (
        "DiscoveryHandle",
        &["get_opt", "create", "update", "delete", "delete_if_exists"],
        "The server describes itself.",
    ),
    (
        "ErrorDescriptionHandle",
        &["update", "delete", "delete_if_exists"],
        "The server describes itself.",
    ),
    (
        "ImmutabilityPolicyHandle",
        &["update"],
        "The server replaces the policy as a whole, so that creating and updating take the same.",
    ),
    (
        "InvoiceFieldHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "LabelHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "LogsHandle",
        &["create", "create_if_absent", "item"],
        "The server writes the log.",
    ),
    (
        "ManifestHandle",
        &["update", "delete", "delete_if_exists"],
        "Manifests are pushed to the registry, and removed with their tags.",
    ),
    (
        "MarketplaceHandle",
        &["create", "create_if_absent"],
        "Subscriptions are bought elsewhere: `bind` and `unbind`.",
    ),
    (
        "MeHandle",
        &["get_opt", "create", "delete_if_exists"],
        "The caller exists.",
    ),
    (
        "MemberHandle",
        &["update"],
        "Membership follows from teams and permissions.",
    ),
    (
        "MembersHandle",
        &["create", "create_if_absent"],
        "Membership follows from teams: `TeamMembersHandle::create`.",
    ),
    (
        "MessageHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "MessagesHandle",
        &["create"],
        "The server does not say which message it created, and a text may be there twice.",
    ),
    (
        "MessagesHandle",
        &["create_if_absent"],
        "The same message may be there twice.",
    ),
    (
        "MirrorHandle",
        &["delete", "delete_if_exists"],
        "The settings go when the repository is given another state.",
    ),
    (
        "MirrorHealthHandle",
        &["get_opt", "create", "create_if_absent"],
        "The server reports it.",
    ),
    (
        "MyQuotaHandle",
        &["update", "delete", "delete_if_exists"],
        "Superusers set them: `SuperuserUserHandle::quotas`.",
    ),
    (
        "MyQuotaLimitHandle",
        &["update", "delete", "delete_if_exists"],
        "Superusers set them.",
    ),
    (
        "MyQuotaLimitsHandle",
        &["create", "create_if_absent"],
        "Superusers set them.",
    ),
    (
        "MyQuotasHandle",
        &["create", "create_if_absent"],
        "Superusers set them: `SuperuserUserHandle::quotas`.",
    ),
    (
        "NoticeHandle",
        &["update", "delete", "delete_if_exists"],
        "The server writes them; they are dismissed and restored.",
    ),
    (
        "NoticesHandle",
        &["create", "create_if_absent"],
        "The server writes them.",
    ),
    (
        "NotificationHandle",
        &["update"],
        "The server has no operation that changes one: `replace`.",
    ),
    (
        "NotificationsHandle",
        &["create_if_absent"],
        "The same notification may be there twice: `ensure` finds and compares one.",
    ),
    (
        "ProxyCacheHandle",
        &["update"],
        "The server takes the settings once: they are deleted and created again.",
    ),
    (
        "PublicApplicationHandle",
        &["update", "delete", "delete_if_exists"],
        "It is the public information about it: `OrganizationHandle::application`.",
    ),
    (
        "Quay",
        &["applications"],
        "The server lists those of an organization only.",
    ),
    (
        "Quay",
        &["error_descriptions"],
        "The server has no list of them.",
    ),
    (
        "Quay",
        &["users"],
        "Superusers list them: `SuperuserHandle::users`.",
    ),
    (
        "Quay",
        &["request"],
        "A request of the caller's own, by method and path.",
    ),
    (
        "QuotaHandle",
        &["update"],
        "Creating and updating take the same.",
    ),
    (
        "RepositoryHandle",
        &["manifests"],
        "The server has no list of them: the rows of tags have their digests.",
    ),
    (
        "RepositoryHandle",
        &["update"],
        "Each of its values has an operation and a scope of its own: `set_description`, `set_visibility`, `set_state`.",
    ),
    (
        "RobotFederationHandle",
        &["get_opt", "create", "update"],
        "It is a list, which may be empty: `set` replaces it.",
    ),
    (
        "RobotHandle",
        &["update"],
        "The server has no operation that changes one.",
    ),
    (
        "ServerHandle",
        &["get_opt", "create", "update", "delete", "delete_if_exists"],
        "The server is there.",
    ),
    (
        "ServiceKeysHandle",
        &["create_if_absent"],
        "A private key is returned once, when it is created.",
    ),
    (
        "SuperuserAppTokensHandle",
        &["create", "create_if_absent", "item"],
        "Users create and delete their own: `MeHandle::app_tokens`.",
    ),
    (
        "SuperuserBuildHandle",
        &["update", "delete", "delete_if_exists"],
        "A build is history; superusers can't cancel it.",
    ),
    (
        "SuperuserHandle",
        &["builds"],
        "The server has no list of all builds.",
    ),
    (
        "SuperuserOrganizationHandle",
        &["update"],
        "Its name is the one value that can be changed: `rename`.",
    ),
    (
        "SuperuserOrganizationsHandle",
        &["create", "create_if_absent"],
        "Their owners create them: `OrganizationsHandle::create`.",
    ),
    (
        "SuperuserQuotaHandle",
        &["update"],
        "Creating and updating take the same.",
    ),
    (
        "TagsHandle",
        &["create", "create_if_absent"],
        "A tag is created where it is moved: `TagHandle::point_to`.",
    ),
    (
        "TeamMemberHandle",
        &["update"],
        "A membership has no values.",
    ),
    (
        "TeamPermissionHandle",
        &["update"],
        "The role is its one value: `set`.",
    ),
    (
        "TeamPermissionsHandle",
        &["create", "create_if_absent"],
        "`TeamPermissionHandle::set` creates and changes.",
    ),
    (
        "TeamSyncHandle",
        &["create", "update", "delete", "delete_if_exists"],
        "Synchronisation is turned on and off: `enable`, `disable`.",
    ),
    (
        "TriggerBuildsHandle",
        &["create", "create_if_absent"],
        "`TriggerHandle::start` starts one.",
    ),
    (
        "TriggerBuildsHandle",
        &["item"],
        "`RepositoryHandle::build` is one of them.",
    ),
    (
        "TriggerHandle",
        &["update"],
        "It is turned on and off: `enable`, `disable`.",
    ),
    (
        "TriggersHandle",
        &["create", "create_if_absent"],
        "They are set up in the web UI, with the service that has the source code.",
    ),
    (
        "UserHandle",
        &["update", "delete", "delete_if_exists"],
        "It is the public information about them: `SuperuserHandle::user`.",
    ),
    (
        "UserPermissionHandle",
        &["update"],
        "The role is its one value: `set`.",
    ),
    (
        "UserPermissionsHandle",
        &["create", "create_if_absent"],
        "`UserPermissionHandle::set` creates and changes.",
    ),
];
