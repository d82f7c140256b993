//! A call for every operation that has a name in its path.

use futures::future::BoxFuture;
use quay_api::api::*;
use quay_api::types::*;
use quay_api::{Quay, Result};

/// The names in a path: one of them is looked at, the others are plain.
#[derive(Debug, Clone)]
pub struct Names {
    pub looked_at: &'static str,
    pub text: String,
}

impl Names {
    /// The value of a parameter, called as in the route.
    pub fn of(&self, parameter: &str) -> String {
        match parameter {
            _ if parameter == self.looked_at => self.text.clone(),
            "repository" => "acme/web".to_owned(),
            "manifestref" => format!("sha256:{}", "0123456789abcdef".repeat(4)),
            _ => "plain".to_owned(),
        }
    }

    fn organization(&self, quay: &Quay) -> Result<OrganizationHandle> {
        quay.organization(self.of("orgname"))
    }

    fn repository(&self, quay: &Quay) -> Result<RepositoryHandle> {
        quay.repository(self.of("repository"))
    }

    fn digest(&self) -> Result<Digest> {
        Ok(self.of("manifestref").parse::<Digest>()?)
    }

    fn manifest(&self, quay: &Quay) -> Result<ManifestHandle> {
        self.repository(quay)?.manifest(&self.digest()?)
    }

    fn tag(&self, quay: &Quay) -> Result<TagHandle> {
        self.repository(quay)?.tag(self.of("tag"))
    }

    fn trigger(&self, quay: &Quay) -> Result<TriggerHandle> {
        self.repository(quay)?.trigger(self.of("trigger_uuid"))
    }

    fn build(&self, quay: &Quay) -> Result<BuildHandle> {
        self.repository(quay)?.build(self.of("build_uuid"))
    }

    fn team(&self, quay: &Quay) -> Result<TeamHandle> {
        self.organization(quay)?.team(self.of("teamname"))
    }

    fn robot(&self, quay: &Quay) -> Result<RobotHandle> {
        self.organization(quay)?.robot(self.of("robot_shortname"))
    }

    fn my_robot(&self, quay: &Quay) -> Result<RobotHandle> {
        quay.me().robot(self.of("robot_shortname"))
    }

    fn application(&self, quay: &Quay) -> Result<ApplicationHandle> {
        self.organization(quay)?.application(self.of("client_id"))
    }
}

/// A call of one operation. It gives what came of it, as shown for debugging.
pub type Call = fn(Quay, Names) -> BoxFuture<'static, Result<String>>;

/// `operation => |quay, names| what is awaited;`
macro_rules! calls {
    ($($operation:ident => |$q:ident, $n:ident| $call:expr;)*) => {
        &[$((stringify!($operation), |quay, names| Box::pin(async move {
            let ($q, $n) = (&quay, &names);
            $call.await.map(|value| format!("{value:?} {value:#?}"))
        }))),*]
    };
}

fn config() -> BuildTriggerConfig {
    BuildTriggerConfig::new()
}

fn today() -> Days {
    Days::new(Timestamp::now(), Timestamp::now())
}

fn policy() -> SetAutoPrunePolicy {
    SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20)
}

fn rule() -> SetImmutabilityPolicy {
    SetImmutabilityPolicy::new("^v")
}

fn notification() -> CreateNotification {
    let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook"));
    CreateNotification::new(
        NotificationEvent::RepoPush,
        NotificationEventConfig::new(),
        target,
    )
}

fn default_permission() -> CreateDefaultPermission {
    let delegate = Delegate::new("devs", PrincipalKind::Team);
    CreateDefaultPermission::new(RepositoryRole::Read, delegate)
}

fn skus() -> BindSubscriptions {
    BindSubscriptions::new([SubscriptionReference::new(1)])
}

fn mirror() -> CreateMirror {
    CreateMirror::new(
        "quay.io/coreos/etcd",
        Timestamp::now(),
        86400,
        MirrorRule::tags(["*"]),
    )
    .robot_username("acme+ci")
}

fn organization_mirror() -> CreateOrganizationMirror {
    let visibility = Visibility::Private;
    CreateOrganizationMirror::new(
        RegistryType::Quay,
        "https://quay.io",
        "library",
        "acme+mirror",
        visibility,
        86400,
        Timestamp::now(),
    )
}

/// Every call, with the identifier of its operation.
#[rustfmt::skip]
pub const CALLS: &[(&str, Call)] = calls! {
    // The server, and the caller's account.
    getUserInformation => |q, n| q.user(n.of("username"))?.get();
    getApplicationInformation => |q, n| q.application(n.of("client_id"))?.get();
    getErrorDescription => |q, n| q.error_description(n.of("error_type"))?.get();
    getMatchingEntities => |q, n| q.search().entities(n.of("prefix"));
    linkExternalUser => |q, n| q.search().link_external_user(n.of("username"));
    deleteGlobalMessage => |q, n| q.message(n.of("uuid"))?.delete();
    acceptOrganizationTeamInvite => |q, n| q.me().accept_team_invite(n.of("code"));
    declineOrganizationTeamInvite => |q, n| q.me().decline_team_invite(n.of("code"));
    detachExternalLogin => |q, n| q.me().detach_external_login(n.of("service_id"));
    getAppToken => |q, n| q.me().app_token(n.of("token_uuid"))?.get();
    revokeAppToken => |q, n| q.me().app_token(n.of("token_uuid"))?.delete();
    getUserAuthorization => |q, n| q.me().authorization(n.of("access_token_uuid"))?.get();
    deleteUserAuthorization => |q, n| q.me().authorization(n.of("access_token_uuid"))?.delete();
    deleteAssignedAuthorization => |q, n|
        q.me().assigned_authorization(n.of("assigned_authorization_uuid"))?.delete();
    getUserNotification => |q, n| q.me().notice(n.of("uuid"))?.get();
    updateUserNotification => |q, n| q.me().notice(n.of("uuid"))?.dismiss();
    deleteUserInvoiceField => |q, n| q.me().billing().invoice_field(n.of("field_uuid"))?.delete();
    getUserAutoPrunePolicy => |q, n| q.me().autoprune_policy(n.of("policy_uuid"))?.get();
    updateUserAutoPrunePolicy => |q, n|
        q.me().autoprune_policy(n.of("policy_uuid"))?.update(policy());
    deleteUserAutoPrunePolicy => |q, n| q.me().autoprune_policy(n.of("policy_uuid"))?.delete();
    getUserNamespaceNotification => |q, n| q.me().notification(n.of("uuid"))?.get();
    deleteUserNamespaceNotification => |q, n| q.me().notification(n.of("uuid"))?.delete();
    testUserNamespaceNotification => |q, n| q.me().notification(n.of("uuid"))?.test();
    resetUserNamespaceNotificationFailures => |q, n|
        q.me().notification(n.of("uuid"))?.reset_failures();
    createUserRobot => |q, n|
        q.me().robots().create(n.of("robot_shortname"), CreateRobot::new());
    getUserRobot => |q, n| n.my_robot(q)?.get();
    deleteUserRobot => |q, n| n.my_robot(q)?.delete();
    regenerateUserRobotToken => |q, n| n.my_robot(q)?.regenerate();
    getUserRobotPermissions => |q, n| n.my_robot(q)?.permissions();
    getUserRobotFederation => |q, n| n.my_robot(q)?.federation().get();
    createUserRobotFederation => |q, n|
        n.my_robot(q)?.federation().set([RobotFederation::new("https://example.com", "x")]);
    deleteUserRobotFederation => |q, n| n.my_robot(q)?.federation().delete();

    // Repositories.
    getRepo => |q, n| n.repository(q)?.get();
    updateRepo => |q, n| n.repository(q)?.set_description("text");
    deleteRepository => |q, n| n.repository(q)?.delete();
    changeRepoVisibility => |q, n| n.repository(q)?.set_visibility(Visibility::Public);
    changeRepoState => |q, n| n.repository(q)?.set_state(RepositoryState::Normal);
    changeRepoTrust => |q, n| n.repository(q)?.enable_trust();
    getRepoSignatures => |q, n| n.repository(q)?.signatures();
    deleteStar => |q, n| n.repository(q)?.unstar();
    sendAuthorizeRepoEmail => |q, n| n.repository(q)?.authorize_email(n.of("email"));
    checkRepoEmailAuthorized => |q, n| n.repository(q)?.email_authorization(n.of("email"));
    listRepoTags => |q, n| n.repository(q)?.tags().list();
    changeTag => |q, n| n.tag(q)?.set_expiration(None);
    deleteFullTag => |q, n| n.tag(q)?.delete();
    restoreTag => |q, n| n.tag(q)?.restore(&n.digest()?);
    removeTagFromTimemachine => |q, n| n.tag(q)?.delete_permanently(ExpireTag::new().is_alive(true));
    getTagPullStatistics => |q, n| n.tag(q)?.pull_statistics();
    getRepoManifest => |q, n| n.manifest(q)?.get();
    getRepoManifestSecurity => |q, n| n.manifest(q)?.security();
    getManifestPullStatistics => |q, n| n.manifest(q)?.pull_statistics();
    listManifestLabels => |q, n| n.manifest(q)?.labels().list();
    addManifestLabel => |q, n| n.manifest(q)?.labels().create(CreateLabel::new("a", "b", None));
    getManifestLabel => |q, n| n.manifest(q)?.label(n.of("labelid"))?.get();
    deleteManifestLabel => |q, n| n.manifest(q)?.label(n.of("labelid"))?.delete();
    listRepoUserPermissions => |q, n| n.repository(q)?.user_permissions().list();
    listRepoTeamPermissions => |q, n| n.repository(q)?.team_permissions().list();
    getUserPermissions => |q, n| n.repository(q)?.user_permission(n.of("username"))?.get();
    getTeamPermissions => |q, n| n.repository(q)?.team_permission(n.of("teamname"))?.role();
    getUserTransitivePermission => |q, n|
        n.repository(q)?.user_permission(n.of("username"))?.transitive_roles();
    changeUserPermissions => |q, n|
        n.repository(q)?.user_permission(n.of("username"))?.set(RepositoryRole::Read);
    changeTeamPermissions => |q, n|
        n.repository(q)?.team_permission(n.of("teamname"))?.set(RepositoryRole::Read);
    deleteUserPermissions => |q, n| n.repository(q)?.user_permission(n.of("username"))?.delete();
    deleteTeamPermissions => |q, n| n.repository(q)?.team_permission(n.of("teamname"))?.delete();
    getRepoMirrorConfig => |q, n| n.repository(q)?.mirror().get();
    createRepoMirrorConfig => |q, n| n.repository(q)?.mirror().create(mirror());
    changeRepoMirrorConfig => |q, n| n.repository(q)?.mirror().update(UpdateMirror::new());
    syncNow => |q, n| n.repository(q)?.mirror().sync_now();
    syncCancel => |q, n| n.repository(q)?.mirror().cancel_sync();
    listRepoLogs => |q, n| n.repository(q)?.logs().list();
    getAggregateRepoLogs => |q, n| n.repository(q)?.logs().aggregate(today());
    exportRepoLogs => |q, n|
        n.repository(q)?.logs().export(today(), ExportLogs::new().callback_email("a@example.com"));
    listRepoNotifications => |q, n| n.repository(q)?.notifications().list();
    createRepoNotification => |q, n| n.repository(q)?.notifications().create(notification());
    getRepoNotification => |q, n| n.repository(q)?.notification(n.of("uuid"))?.get();
    deleteRepoNotification => |q, n| n.repository(q)?.notification(n.of("uuid"))?.delete();
    testRepoNotification => |q, n| n.repository(q)?.notification(n.of("uuid"))?.test();
    resetRepositoryNotificationFailures => |q, n|
        n.repository(q)?.notification(n.of("uuid"))?.reset_failures();
    listRepositoryAutoPrunePolicies => |q, n| n.repository(q)?.autoprune_policies().list();
    createRepositoryAutoPrunePolicy => |q, n|
        n.repository(q)?.autoprune_policies().create(policy());
    getRepositoryAutoPrunePolicy => |q, n|
        n.repository(q)?.autoprune_policy(n.of("policy_uuid"))?.get();
    updateRepositoryAutoPrunePolicy => |q, n|
        n.repository(q)?.autoprune_policy(n.of("policy_uuid"))?.update(policy());
    deleteRepositoryAutoPrunePolicy => |q, n|
        n.repository(q)?.autoprune_policy(n.of("policy_uuid"))?.delete();
    listRepositoryImmutabilityPolicies => |q, n| n.repository(q)?.immutability_policies().list();
    createRepositoryImmutabilityPolicy => |q, n|
        n.repository(q)?.immutability_policies().create(rule());
    getRepositoryImmutabilityPolicy => |q, n|
        n.repository(q)?.immutability_policy(n.of("policy_uuid"))?.get();
    updateRepositoryImmutabilityPolicy => |q, n|
        n.repository(q)?.immutability_policy(n.of("policy_uuid"))?.update(rule());
    deleteRepositoryImmutabilityPolicy => |q, n|
        n.repository(q)?.immutability_policy(n.of("policy_uuid"))?.delete();

    // Builds.
    getRepoBuilds => |q, n| n.repository(q)?.builds().list();
    requestRepoBuild => |q, n| n.repository(q)?.builds().create(CreateBuild::new());
    getRepoBuild => |q, n| n.build(q)?.get();
    getRepoBuildStatus => |q, n| n.build(q)?.phase();
    getRepoBuildLogs => |q, n| n.build(q)?.log_page(0);
    cancelRepoBuild => |q, n| n.build(q)?.cancel();
    listBuildTriggers => |q, n| n.repository(q)?.triggers().list();
    getBuildTrigger => |q, n| n.trigger(q)?.get();
    updateBuildTrigger => |q, n| n.trigger(q)?.enable();
    deleteBuildTrigger => |q, n| n.trigger(q)?.delete();
    activateBuildTrigger => |q, n| n.trigger(q)?.activate(ActivateBuildTrigger::new(config()));
    analyzeBuildTrigger => |q, n| n.trigger(q)?.analyze(config());
    listBuildTriggerSubdirs => |q, n| n.trigger(q)?.dockerfiles(config());
    listTriggerFieldValues => |q, n| n.trigger(q)?.field_values(n.of("field_name"), config());
    listTriggerBuildSourceNamespaces => |q, n| n.trigger(q)?.source_namespaces();
    listTriggerBuildSources => |q, n| n.trigger(q)?.sources(ListBuildSources::new("acme"));
    listTriggerRecentBuilds => |q, n| n.trigger(q)?.builds().list();
    manuallyStartBuildTrigger => |q, n| n.trigger(q)?.start(StartBuildTrigger::new());

    // Organizations.
    getOrganization => |q, n| n.organization(q)?.get();
    changeOrganizationDetails => |q, n| n.organization(q)?.update(UpdateOrganization::new());
    deleteAdminedOrganization => |q, n| n.organization(q)?.delete();
    getOrganizationCollaborators => |q, n| n.organization(q)?.collaborators();
    getOrganizationMembers => |q, n| n.organization(q)?.members().list();
    getOrganizationMember => |q, n| n.organization(q)?.member(n.of("membername"))?.get();
    removeOrganizationMember => |q, n| n.organization(q)?.member(n.of("membername"))?.delete();
    updateOrganizationTeam => |q, n| n.team(q)?.update(UpdateTeam::new(TeamRole::Member));
    deleteOrganizationTeam => |q, n| n.team(q)?.delete();
    getOrganizationTeamPermissions => |q, n| n.team(q)?.permissions();
    getOrganizationTeamMembers => |q, n| n.team(q)?.members().list();
    updateOrganizationTeamMember => |q, n| n.team(q)?.members().create(n.of("membername"));
    deleteOrganizationTeamMember => |q, n| n.team(q)?.member(n.of("membername"))?.delete();
    inviteTeamMemberEmail => |q, n| n.team(q)?.members().invite(n.of("email"));
    deleteTeamMemberEmailInvite => |q, n| n.team(q)?.members().revoke_invite(n.of("email"));
    enableOrganizationTeamSync => |q, n| n.team(q)?.sync().enable(EnableTeamSync::ldap("cn=x"));
    disableOrganizationTeamSync => |q, n| n.team(q)?.sync().disable();
    getOrgRobots => |q, n| n.organization(q)?.robots().list();
    createOrgRobot => |q, n|
        n.organization(q)?.robots().create(n.of("robot_shortname"), CreateRobot::new());
    getOrgRobot => |q, n| n.robot(q)?.get();
    deleteOrgRobot => |q, n| n.robot(q)?.delete();
    regenerateOrgRobotToken => |q, n| n.robot(q)?.regenerate();
    getOrgRobotPermissions => |q, n| n.robot(q)?.permissions();
    getOrgRobotFederation => |q, n| n.robot(q)?.federation().get();
    createOrgRobotFederation => |q, n|
        n.robot(q)?.federation().set([RobotFederation::new("https://example.com", "x")]);
    deleteOrgRobotFederation => |q, n| n.robot(q)?.federation().delete();
    getOrganizationApplications => |q, n| n.organization(q)?.applications().list();
    createOrganizationApplication => |q, n|
        n.organization(q)?.applications().create(CreateApplication::new("x"));
    getOrganizationApplication => |q, n| n.application(q)?.get();
    updateOrganizationApplication => |q, n|
        n.application(q)?.update(UpdateApplication::new("x", "", ""));
    deleteOrganizationApplication => |q, n| n.application(q)?.delete();
    resetOrganizationApplicationClientSecret => |q, n| n.application(q)?.reset_client_secret();
    listOrganizationApplicationTokens => |q, n| n.application(q)?.tokens().list();
    createOrganizationApplicationToken => |q, n|
        n.application(q)?.tokens().create(CreateApplicationToken::new("x", "repo:read"));
    deleteOrganizationApplicationToken => |q, n|
        n.application(q)?.token(n.of("token_uuid"))?.delete();
    getOrganizationPrototypePermissions => |q, n| n.organization(q)?.default_permissions().list();
    createOrganizationPrototypePermission => |q, n|
        n.organization(q)?.default_permissions().create(default_permission());
    updateOrganizationPrototypePermission => |q, n|
        n.organization(q)?.default_permission(n.of("prototypeid"))?.set_role(RepositoryRole::Read);
    deleteOrganizationPrototypePermission => |q, n|
        n.organization(q)?.default_permission(n.of("prototypeid"))?.delete();
    listOrganizationQuota => |q, n| n.organization(q)?.quotas().list();
    createOrganizationQuota => |q, n|
        n.organization(q)?.quotas().create(SetQuota::new().limit_bytes(1));
    getOrganizationQuota => |q, n| n.organization(q)?.quota(1).get();
    changeOrganizationQuota => |q, n|
        n.organization(q)?.quota(1).update(SetQuota::new().limit_bytes(1));
    deleteOrganizationQuota => |q, n| n.organization(q)?.quota(1).delete();
    listOrganizationQuotaLimit => |q, n| n.organization(q)?.quota(1).limits().list();
    createOrganizationQuotaLimit => |q, n|
        n.organization(q)?.quota(1)
            .limits()
            .create(CreateQuotaLimit::new(QuotaLimitType::Reject, 80));
    getOrganizationQuotaLimit => |q, n| n.organization(q)?.quota(1).limit(1).get();
    changeOrganizationQuotaLimit => |q, n|
        n.organization(q)?.quota(1).limit(1).update(UpdateQuotaLimit::new());
    deleteOrganizationQuotaLimit => |q, n| n.organization(q)?.quota(1).limit(1).delete();
    getProxyCacheConfig => |q, n| n.organization(q)?.proxy_cache().get_opt();
    createProxyCacheConfig => |q, n|
        n.organization(q)?.proxy_cache().create(ProxyCache::new("docker.io"));
    validateProxyCacheConfig => |q, n|
        n.organization(q)?.proxy_cache().validate(ProxyCache::new("docker.io"));
    deleteProxyCacheConfig => |q, n| n.organization(q)?.proxy_cache().delete();
    getOrgMirrorConfig => |q, n| n.organization(q)?.mirror().get_opt();
    createOrgMirrorConfig => |q, n| n.organization(q)?.mirror().create(organization_mirror());
    updateOrgMirrorConfig => |q, n|
        n.organization(q)?.mirror().update(UpdateOrganizationMirror::new());
    deleteOrgMirrorConfig => |q, n| n.organization(q)?.mirror().delete();
    listOrgMirrorRepositories => |q, n| n.organization(q)?.mirror().mirrored_repositories();
    syncOrgMirrorNow => |q, n| n.organization(q)?.mirror().sync_now();
    cancelOrgMirrorSync => |q, n| n.organization(q)?.mirror().cancel_sync();
    verifyOrgMirrorConnection => |q, n| n.organization(q)?.mirror().verify();
    listOrgSkus => |q, n| n.organization(q)?.marketplace().list();
    bindSkuToOrg => |q, n| n.organization(q)?.marketplace().bind(skus());
    batchRemoveSku => |q, n| n.organization(q)?.marketplace().unbind(skus());
    removeSkuFromOrg => |q, n| n.organization(q)?.marketplace().unbind_one(1);
    getOrgSubscription => |q, n| n.organization(q)?.billing().get();
    createOrgSubscription => |q, n|
        n.organization(q)?.billing().subscribe(Subscribe::new("bus-small"));
    updateOrgSubscription => |q, n|
        n.organization(q)?.billing().change_plan(Subscribe::new("bus-small"));
    getOrgCard => |q, n| n.organization(q)?.billing().card();
    setOrgCard => |q, n|
        n.organization(q)?.billing()
            .set_card(SetCard::new("https://example.com/a", "https://example.com/b"));
    listOrgInvoices => |q, n| n.organization(q)?.billing().invoices();
    listOrgInvoiceFields => |q, n| n.organization(q)?.billing().invoice_fields().list();
    createOrgInvoiceField => |q, n|
        n.organization(q)?.billing().invoice_fields().create(CreateInvoiceField::new("a", "b"));
    deleteOrgInvoiceField => |q, n|
        n.organization(q)?.billing().invoice_field(n.of("field_uuid"))?.delete();
    getOrganizationPrivateAllowed => |q, n| n.organization(q)?.billing().private_allowed();
    listOrgLogs => |q, n| n.organization(q)?.logs().list();
    getAggregateOrgLogs => |q, n| n.organization(q)?.logs().aggregate(today());
    exportOrgLogs => |q, n|
        n.organization(q)?.logs()
            .export(today(), ExportLogs::new().callback_email("a@example.com"));
    listOrgNotifications => |q, n| n.organization(q)?.notifications().list();
    createOrgNotification => |q, n| n.organization(q)?.notifications().create(notification());
    getOrgNotification => |q, n| n.organization(q)?.notification(n.of("uuid"))?.get();
    deleteOrgNotification => |q, n| n.organization(q)?.notification(n.of("uuid"))?.delete();
    testOrgNotification => |q, n| n.organization(q)?.notification(n.of("uuid"))?.test();
    resetOrgNotificationFailures => |q, n|
        n.organization(q)?.notification(n.of("uuid"))?.reset_failures();
    listOrganizationAutoPrunePolicies => |q, n| n.organization(q)?.autoprune_policies().list();
    createOrganizationAutoPrunePolicy => |q, n|
        n.organization(q)?.autoprune_policies().create(policy());
    getOrganizationAutoPrunePolicy => |q, n|
        n.organization(q)?.autoprune_policy(n.of("policy_uuid"))?.get();
    updateOrganizationAutoPrunePolicy => |q, n|
        n.organization(q)?.autoprune_policy(n.of("policy_uuid"))?.update(policy());
    deleteOrganizationAutoPrunePolicy => |q, n|
        n.organization(q)?.autoprune_policy(n.of("policy_uuid"))?.delete();
    listOrgImmutabilityPolicies => |q, n| n.organization(q)?.immutability_policies().list();
    createOrgImmutabilityPolicy => |q, n| n.organization(q)?.immutability_policies().create(rule());
    getOrgImmutabilityPolicy => |q, n|
        n.organization(q)?.immutability_policy(n.of("policy_uuid"))?.get();
    updateOrgImmutabilityPolicy => |q, n|
        n.organization(q)?.immutability_policy(n.of("policy_uuid"))?.update(rule());
    deleteOrgImmutabilityPolicy => |q, n|
        n.organization(q)?.immutability_policy(n.of("policy_uuid"))?.delete();

    // Superusers.
    getInstallUser => |q, n| q.superuser().user(n.of("username"))?.get();
    changeInstallUser => |q, n|
        q.superuser().user(n.of("username"))?.update(UpdateUserAccount::new());
    deleteInstallUser => |q, n| q.superuser().user(n.of("username"))?.delete();
    sendInstallUserRecoveryEmail => |q, n|
        q.superuser().user(n.of("username"))?.send_recovery_email();
    listUserQuotaSuperUser => |q, n| q.superuser().user(n.of("namespace"))?.quotas().list();
    createUserQuotaSuperUser => |q, n|
        q.superuser().user(n.of("namespace"))?.quotas().create(SetQuota::new().limit_bytes(1));
    changeUserQuotaSuperUser => |q, n|
        q.superuser().user(n.of("namespace"))?.quota(1).update(SetQuota::new().limit_bytes(1));
    deleteUserQuotaSuperUser => |q, n| q.superuser().user(n.of("namespace"))?.quota(1).delete();
    changeOrganization => |q, n| q.superuser().organization(n.of("name"))?.rename("other");
    deleteOrganization => |q, n| q.superuser().organization(n.of("name"))?.delete();
    listOrganizationQuotaSuperUser => |q, n|
        q.superuser().organization(n.of("namespace"))?.quotas().list();
    createOrganizationQuotaSuperUser => |q, n|
        q.superuser().organization(n.of("namespace"))?.quotas()
            .create(SetQuota::new().limit_bytes(1));
    changeOrganizationQuotaSuperUser => |q, n|
        q.superuser().organization(n.of("namespace"))?.quota(1)
            .update(SetQuota::new().limit_bytes(1));
    deleteOrganizationQuotaSuperUser => |q, n|
        q.superuser().organization(n.of("namespace"))?.quota(1).delete();
    getRepoBuildSuperUser => |q, n| q.superuser().build(n.of("build_uuid"))?.get();
    getRepoBuildStatusSuperUser => |q, n| q.superuser().build(n.of("build_uuid"))?.phase();
    getRepoBuildLogsSuperUser => |q, n| q.superuser().build(n.of("build_uuid"))?.log_page(0);
    getRepoBuildLogsArchiveSuperUser => |q, n|
        q.superuser().build(n.of("build_uuid"))?.archived_log();
    getServiceKey => |q, n| q.superuser().service_key(n.of("kid"))?.get();
    updateServiceKey => |q, n|
        q.superuser().service_key(n.of("kid"))?.update(UpdateServiceKey::new());
    approveServiceKey => |q, n|
        q.superuser().service_key(n.of("kid"))?.approve(ApproveServiceKey::new());
    deleteServiceKey => |q, n| q.superuser().service_key(n.of("kid"))?.delete();
    takeOwnership => |q, n| q.superuser().take_ownership(n.of("namespace"));
};
