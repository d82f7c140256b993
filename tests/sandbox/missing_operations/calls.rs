//! Calls of operations that a server may lack: those without a name in their path, and all helpers
//! that would take a missing operation for a missing object.

use crate::calls::{CALLS, Names};
use futures::future::BoxFuture;
use quay_api::api::*;
use quay_api::types::*;
use quay_api::{Quay, Result};

const ID: &str = "6fa459ea-ee8a-3ca4-894e-db77e160355e";
const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A call, and the result as it is shown for debugging.
pub type Call = fn(Quay) -> BoxFuture<'static, Result<String>>;

/// The names that are no subject of these tests.
pub fn names() -> Names {
    Names {
        looked_at: "",
        text: String::new(),
    }
}

/// `operation => |quay| what is awaited;`
macro_rules! calls {
    ($($operation:ident => |$q:ident| $call:expr;)*) => {
        &[$((stringify!($operation), stringify!($call), |quay| Box::pin(async move {
            let $q = &quay;
            $call.await.map(|value| format!("{value:?}"))
        }))),*]
    };
}

/// Operation, code and call: of the operations that have no name in their path.
#[rustfmt::skip]
const WITHOUT_NAMES: &[(&str, &str, Call)] = calls! {
    convertUserToOrganization => |q| q.me().convert_to_organization(ConvertUser::new("alice", "x".into()));
    createAppToken => |q| q.me().app_tokens().create("laptop");
    listAppTokens => |q| q.me().app_tokens().list();
    createGlobalMessage => |q| q.messages().create(message());
    createUserAutoPrunePolicy => |q| q.me().autoprune_policies().create(policy());
    listUserAutoPrunePolicies => |q| q.me().autoprune_policies().list();
    createUserInvoiceField => |q|
        q.me().billing().invoice_fields().create(CreateInvoiceField::new("a", "b"));
    listUserInvoiceFields => |q| q.me().billing().invoice_fields().list();
    listUserInvoices => |q| q.me().billing().invoices();
    getUserSubscription => |q| q.me().billing().get();
    createUserSubscription => |q| q.me().billing().subscribe(Subscribe::new("bus-small"));
    updateUserSubscription => |q| q.me().billing().change_plan(Subscribe::new("bus-small"));
    getUserCard => |q| q.me().billing().card();
    setUserCard => |q| q.me().billing()
        .set_card(SetCard::new("https://example.com/a", "https://example.com/b"));
    getUserPrivateAllowed => |q| q.me().billing().private_allowed();
    getUserMarketplaceSubscriptions => |q| q.me().marketplace_subscriptions();
    createUserNamespaceNotification => |q| q.me().notifications().create(notification());
    listUserNamespaceNotifications => |q| q.me().notifications().list();
    exportUserLogs => |q|
        q.me().logs().export(today(), ExportLogs::new().callback_email("a@example.com"));
    getAggregateUserLogs => |q| q.me().logs().aggregate(today());
    listUserQuota => |q| q.me().quotas().list();
    getUserQuota => |q| q.me().quota(1).get();
    listUserQuotaLimit => |q| q.me().quota(1).limits().list();
    getUserQuotaLimit => |q| q.me().quota(1).limit(1).get();
    listAssignedAuthorizations => |q| q.me().assigned_authorizations().list();
    listPlans => |q| q.plans();
    getRegistryCapabilities => |q| q.capabilities();
    getRepositoryMirrorHealth => |q| q.mirror_health().get();
    getRepositoryMirrorHealth => |q| q.mirror_health().list();
    initializeUser => |q| q.bootstrap().initialize(InitializeUser::new("admin", "hunter2".into()));
    renewBootstrapToken => |q| q.bootstrap().renew();
    createInstallUser => |q| q.superuser().users().create(CreateUser::new("alice"));
    listAllUsers => |q| q.superuser().users().list();
    listAllOrganizations => |q| q.superuser().organizations().list();
    listAllAppTokens => |q| q.superuser().app_tokens().list();
    listAllLogs => |q| q.superuser().logs().list();
    listAllAggregateLogs => |q| q.superuser().logs().aggregate(today());
    createServiceKey => |q|
        q.superuser().service_keys().create(CreateServiceKey::new("clair", None));
    listServiceKeys => |q| q.superuser().service_keys().list();
    getChangeLog => |q| q.superuser().change_log();
    getRegistrySize => |q| q.superuser().registry_size();
    queueRegistrySizeCalculation => |q| q.superuser().count_registry_size();
    getSuperUserConfig => |q| q.superuser().config();
    getSuperUserRepositoryMirrorHealth => |q| q.superuser().mirror_health();
    scRegistryStatus => |q| q.superuser().registry_status();
    scShutdownContainer => |q| q.superuser().shutdown();
};

/// Operation, code and call: of the helpers for which a missing object is no error.
#[rustfmt::skip]
const HELPERS: &[(&str, &str, Call)] = calls! {
    getAppToken => |q| q.me().app_token(ID)?.get_opt();
    revokeAppToken => |q| q.me().app_token(ID)?.delete_if_exists();
    listOrganizationApplicationTokens => |q| acme(q)?.application(ID)?.token(ID)?.get();
    listOrganizationApplicationTokens => |q| acme(q)?.application(ID)?.token(ID)?.get_opt();
    deleteOrganizationApplicationToken => |q|
        acme(q)?.application(ID)?.token(ID)?.delete_if_exists();
    listAssignedAuthorizations => |q| q.me().assigned_authorization(ID)?.get();
    listAssignedAuthorizations => |q| q.me().assigned_authorization(ID)?.get_opt();
    deleteAssignedAuthorization => |q| q.me().assigned_authorization(ID)?.delete_if_exists();
    listUserInvoiceFields => |q| q.me().billing().invoice_field(ID)?.get();
    listUserInvoiceFields => |q| q.me().billing().invoice_field(ID)?.get_opt();
    deleteUserInvoiceField => |q| q.me().billing().invoice_field(ID)?.delete_if_exists();
    createUserInvoiceField => |q|
        q.me().billing().invoice_fields().create_if_absent(CreateInvoiceField::new("a", "b"));
    listOrgInvoiceFields => |q| acme(q)?.billing().invoice_field(ID)?.get_opt();
    deleteOrgInvoiceField => |q| acme(q)?.billing().invoice_field(ID)?.delete_if_exists();
    createOrgInvoiceField => |q|
        acme(q)?.billing().invoice_fields().create_if_absent(CreateInvoiceField::new("a", "b"));
    getUserAutoPrunePolicy => |q| q.me().autoprune_policy(ID)?.get_opt();
    deleteUserAutoPrunePolicy => |q| q.me().autoprune_policy(ID)?.delete_if_exists();
    createUserAutoPrunePolicy => |q| q.me().autoprune_policies().create_if_absent(policy());
    createUserAutoPrunePolicy => |q| q.me().autoprune_policies().ensure(policy());
    getOrganizationAutoPrunePolicy => |q| acme(q)?.autoprune_policy(ID)?.get_opt();
    deleteOrganizationAutoPrunePolicy => |q| acme(q)?.autoprune_policy(ID)?.delete_if_exists();
    createOrganizationAutoPrunePolicy => |q|
        acme(q)?.autoprune_policies().create_if_absent(policy());
    createOrganizationAutoPrunePolicy => |q| acme(q)?.autoprune_policies().ensure(policy());
    getRepositoryAutoPrunePolicy => |q| web(q)?.autoprune_policy(ID)?.get_opt();
    deleteRepositoryAutoPrunePolicy => |q| web(q)?.autoprune_policy(ID)?.delete_if_exists();
    createRepositoryAutoPrunePolicy => |q| web(q)?.autoprune_policies().create_if_absent(policy());
    createRepositoryAutoPrunePolicy => |q| web(q)?.autoprune_policies().ensure(policy());
    createRepositoryAutoPrunePolicy => |q| web(q)?.autoprune_policies().ensure(policy()).dry_run();
    getOrgImmutabilityPolicy => |q| acme(q)?.immutability_policy(ID)?.get_opt();
    deleteOrgImmutabilityPolicy => |q| acme(q)?.immutability_policy(ID)?.delete_if_exists();
    createOrgImmutabilityPolicy => |q| acme(q)?.immutability_policies().create_if_absent(rule());
    createOrgImmutabilityPolicy => |q| acme(q)?.immutability_policies().ensure(rule());
    getRepositoryImmutabilityPolicy => |q| web(q)?.immutability_policy(ID)?.get_opt();
    deleteRepositoryImmutabilityPolicy => |q| web(q)?.immutability_policy(ID)?.delete_if_exists();
    createRepositoryImmutabilityPolicy => |q|
        web(q)?.immutability_policies().create_if_absent(rule());
    createRepositoryImmutabilityPolicy => |q| web(q)?.immutability_policies().ensure(rule());
    getUserNamespaceNotification => |q| q.me().notification(ID)?.get_opt();
    deleteUserNamespaceNotification => |q| q.me().notification(ID)?.delete_if_exists();
    createUserNamespaceNotification => |q| q.me().notifications().ensure(notification());
    getOrgNotification => |q| acme(q)?.notification(ID)?.get_opt();
    deleteOrgNotification => |q| acme(q)?.notification(ID)?.delete_if_exists();
    createOrgNotification => |q| acme(q)?.notifications().ensure(notification());
    getOrgMirrorConfig => |q| acme(q)?.mirror().get();
    deleteOrgMirrorConfig => |q| acme(q)?.mirror().delete_if_exists();
    getRepoMirrorConfig => |q| web(q)?.mirror().get_opt();
    createRepoMirrorConfig => |q| web(q)?.mirror().ensure(mirror());
    getProxyCacheConfig => |q| acme(q)?.proxy_cache().get();
    deleteProxyCacheConfig => |q| acme(q)?.proxy_cache().delete_if_exists();
    getOrgRobotFederation => |q| acme(q)?.robot("ci")?.federation().get();
    deleteOrgRobotFederation => |q| acme(q)?.robot("ci")?.federation().delete_if_exists();
    deleteUserRobotFederation => |q| q.me().robot("ci")?.federation().delete_if_exists();
    getOrganizationQuota => |q| acme(q)?.quota(1).get_opt();
    deleteOrganizationQuota => |q| acme(q)?.quota(1).delete_if_exists();
    createOrganizationQuota => |q| acme(q)?.quotas().create_if_absent(quota());
    createOrganizationQuota => |q| acme(q)?.quotas().ensure(quota());
    getOrganizationQuotaLimit => |q| acme(q)?.quota(1).limit(1).get_opt();
    deleteOrganizationQuotaLimit => |q| acme(q)?.quota(1).limit(1).delete_if_exists();
    createOrganizationQuotaLimit => |q| acme(q)?.quota(1).limits().create_if_absent(limit());
    createOrganizationQuotaLimit => |q| acme(q)?.quota(1).limits().ensure([limit()]);
    getUserQuota => |q| q.me().quota(1).get_opt();
    getUserQuotaLimit => |q| q.me().quota(1).limit(1).get_opt();
    listUserQuotaSuperUser => |q| q.superuser().user("alice")?.quota(1).get();
    listUserQuotaSuperUser => |q| q.superuser().user("alice")?.quota(1).get_opt();
    deleteUserQuotaSuperUser => |q| q.superuser().user("alice")?.quota(1).delete_if_exists();
    createUserQuotaSuperUser => |q|
        q.superuser().user("alice")?.quotas().create_if_absent(quota());
    createUserQuotaSuperUser => |q| q.superuser().user("alice")?.quotas().ensure(quota());
    listOrganizationQuotaSuperUser => |q| q.superuser().organization("acme")?.quota(1).get_opt();
    deleteOrganizationQuotaSuperUser => |q|
        q.superuser().organization("acme")?.quota(1).delete_if_exists();
    createOrganizationQuotaSuperUser => |q|
        q.superuser().organization("acme")?.quotas().create_if_absent(quota());
    createOrganizationQuotaSuperUser => |q|
        q.superuser().organization("acme")?.quotas().ensure(quota());
    getInstallUser => |q| q.superuser().user("alice")?.get_opt();
    getInstallUser => |q| q.superuser().user("nobody")?.get_opt();
    deleteInstallUser => |q| q.superuser().user("alice")?.delete_if_exists();
    deleteInstallUser => |q| q.superuser().user("nobody")?.delete_if_exists();
    createInstallUser => |q| q.superuser().users().create_if_absent(CreateUser::new("nobody"));
    createInstallUser => |q| q.superuser().users().create_if_absent(CreateUser::new("alice"));
    deleteOrganization => |q| q.superuser().organization("acme")?.delete_if_exists();
    deleteOrganization => |q| q.superuser().organization("nowhere")?.delete_if_exists();
    getServiceKey => |q| q.superuser().service_key(ID)?.get_opt();
    deleteServiceKey => |q| q.superuser().service_key(ID)?.delete_if_exists();
    getRepoBuildSuperUser => |q| q.superuser().build(ID)?.get_opt();
    getRepoBuildLogsSuperUser => |q| q.superuser().build(ID)?.log_lines();
    getRepoManifestSecurity => |q| manifest(q)?.security();
    getRepoSignatures => |q| web(q)?.signatures();
};

/// A call of [`all`].
pub struct NamedCall {
    pub operation: &'static str,
    /// The call, as it is written here.
    pub code: &'static str,
    pub call: Box<dyn Fn(Quay) -> BoxFuture<'static, Result<String>> + Send + Sync>,
}

/// Every call of an operation.
pub fn all() -> Vec<NamedCall> {
    let named = CALLS.iter().map(|(operation, call)| NamedCall {
        operation,
        code: operation,
        call: Box::new(|quay| call(quay, names())),
    });
    let others = WITHOUT_NAMES.iter().chain(HELPERS);
    named
        .chain(others.map(|(operation, code, call)| NamedCall {
            operation,
            code,
            call: Box::new(|quay| call(quay)),
        }))
        .collect()
}

/// Returns true for a call for which a missing object is no error.
pub fn may_find_nothing(call: &NamedCall) -> bool {
    ["get_opt", "delete_if_exists"]
        .iter()
        .any(|helper| call.code.contains(helper))
}

fn acme(quay: &Quay) -> Result<OrganizationHandle> {
    quay.organization("acme")
}

fn web(quay: &Quay) -> Result<RepositoryHandle> {
    quay.repository("acme/web")
}

fn manifest(quay: &Quay) -> Result<ManifestHandle> {
    web(quay)?.manifest(DIGEST)
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

fn quota() -> SetQuota {
    SetQuota::new().limit_bytes(1 << 30)
}

fn limit() -> CreateQuotaLimit {
    CreateQuotaLimit::new(QuotaLimitType::Reject, 80)
}

fn message() -> NewMessage {
    NewMessage::new("text", MessageMediaType::TextPlain, MessageSeverity::Info)
}

fn notification() -> CreateNotification {
    let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook"));
    CreateNotification::new(
        NotificationEvent::QuotaWarning,
        NotificationEventConfig::new(),
        target,
    )
}

fn mirror() -> CreateMirror {
    let rule = MirrorRule::tags(["*"]);
    CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86_400, rule)
        .robot_username("acme+ci")
}
