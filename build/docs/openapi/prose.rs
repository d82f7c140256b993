//! Descriptions that neither source of the document has, of tags and scopes, and examples of
//! parameters.

/// `info.description`, in Markdown.
pub const INFO: &str = include_str!("info.md");

/// The subject of the operations with a tag.
pub const TAGS: &[(&str, &str)] = &[
    (
        "appspecifictokens",
        "Tokens with which the caller's applications log in to the registry.",
    ),
    (
        "billing",
        "Plans, payment cards, invoices and marketplace subscriptions, on quay.io only.",
    ),
    (
        "bootstrap",
        "The first user of a new server, and its token.",
    ),
    ("build", "Builds of images from source."),
    ("capabilities", "What the registry supports."),
    ("discovery", "The server's own description of its API."),
    ("error", "Descriptions of the kinds of errors."),
    (
        "globalmessages",
        "Messages that the web UI shows to everyone.",
    ),
    (
        "immutability_policy",
        "Policies that forbid moving and deleting tags.",
    ),
    (
        "logs",
        "Usage logs of organizations, repositories and users.",
    ),
    ("manifest", "Manifests of a repository, and their labels."),
    ("mirror", "Repositories that mirror a repository elsewhere."),
    ("mirrorhealth", "The health of mirrors."),
    (
        "namespacenotification",
        "Notifications about events of an organization or user.",
    ),
    (
        "namespacequota",
        "Storage quotas of organizations and users.",
    ),
    (
        "org_mirror",
        "Organizations that mirror a namespace elsewhere.",
    ),
    (
        "organization",
        "Organizations: members, collaborators, OAuth applications, proxy cache.",
    ),
    (
        "organization_application_tokens",
        "Access tokens of an organization's OAuth applications.",
    ),
    (
        "permission",
        "Permissions of users, robot accounts and teams on a repository.",
    ),
    ("policy", "Policies by which the server deletes tags."),
    (
        "prototype",
        "Default permissions for new repositories of an organization.",
    ),
    (
        "repoemail",
        "E-mail addresses that notifications of a repository may be sent to.",
    ),
    (
        "repository",
        "Repositories: create, list, read, change, delete.",
    ),
    (
        "repositorynotification",
        "Notifications about events of a repository.",
    ),
    (
        "repotoken",
        "Access tokens of a repository, which the server does not have any more: all respond 410.",
    ),
    ("robot", "Robot accounts of organizations and users."),
    (
        "search",
        "Search for repositories, users, teams and robot accounts.",
    ),
    (
        "secscan",
        "Vulnerabilities that the security scanner found.",
    ),
    ("signing", "Signatures of content trust."),
    ("suconfig", "State and configuration of the server."),
    (
        "superuser",
        "For superusers: users, organizations, quotas, service keys, logs and builds of everyone.",
    ),
    ("tag", "Tags of a repository, present and past."),
    (
        "team",
        "Teams of an organization: members, invitations, directory synchronization.",
    ),
    (
        "trigger",
        "Build triggers, by which a source code host starts builds.",
    ),
    (
        "user",
        "The caller's account: details, authorizations, notifications, stars, sign-in.",
    ),
];

/// The permissions of a scope.
pub const SCOPES: &[(&str, &str)] = &[
    ("org:admin", "Administer organizations."),
    (
        "repo:admin",
        "Administer repositories; includes `repo:write`.",
    ),
    ("repo:create", "Create repositories."),
    ("repo:read", "Read repositories."),
    ("repo:write", "Push and change tags; includes `repo:read`."),
    ("super:user", "Do what only superusers may."),
    ("user:admin", "Change the caller's account."),
    ("user:read", "Read the caller's account."),
];

/// Values of parameters, which an interactive page fills in.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("client_id", "DJ2Q8W1T0ZGV4K7Y6XNB"),
    ("email", "alice@example.com"),
    ("endtime", "08/31/2026"),
    ("error_type", "invalid_token"),
    ("field_name", "refs"),
    ("filter_tag_name", "like:v1"),
    (
        "manifestref",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    ("membername", "alice"),
    ("name", "acme"),
    ("namespace", "acme"),
    ("orgname", "acme"),
    ("prefix", "ali"),
    ("repository", "acme/web"),
    ("robot_shortname", "ci"),
    ("service_id", "github"),
    ("starttime", "08/01/2026"),
    ("tag", "v1"),
    ("teamname", "developers"),
    ("username", "alice"),
];
