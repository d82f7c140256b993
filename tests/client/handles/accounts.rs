//! The methods of the handles of organizations, of the caller and of superusers.

use super::*;

pub async fn organization(quay: &Quay) -> Result<()> {
    let acme = quay.organization("acme")?;
    let (team, application, mirror, quota) = (
        acme.team("devs")?,
        acme.application("MSTR7XIVYZYRPJ97A1GR")?,
        acme.mirror(),
        acme.quota(1),
    );
    let (defaults, subscriptions) = (
        acme.default_permissions(),
        BindSubscriptions::new([SubscriptionReference::new(1)]),
    );
    let sync = CreateOrganizationMirror::new(
        RegistryType::Quay,
        "https://quay.io",
        "library",
        "acme+mirror",
        Visibility::Private,
        86400,
        Timestamp::now(),
    );
    call! {
        acme.get();
        acme.update(UpdateOrganization::new());
        acme.teams().list();
        acme.members().list();
        acme.member("alice")?.get();
        acme.member("alice")?.delete();
        acme.collaborators();
        team.update(UpdateTeam::new(TeamRole::Member));
        team.get();
        acme.teams().create("devs", CreateTeam::new(TeamRole::Member));
        team.permissions();
        team.members().list();
        team.members().list().with_invited();
        team.members().create("alice");
        team.member("alice")?.delete();
        team.members().invite("a@example.com");
        team.members().revoke_invite("a@example.com");
        team.member("alice")?.get();
        team.sync().get();
        team.sync().enable(EnableTeamSync::ldap("cn=x"));
        team.sync().disable();
        team.delete();
        acme.applications().list();
        acme.applications().create(CreateApplication::new("x"));
        application.get();
        application.update(UpdateApplication::new("x", "", ""));
        application.reset_client_secret();
        application.tokens().list();
        application.tokens().create(CreateApplicationToken::new("x", "repo:read"));
        application.token(ID)?.get();
        application.token(ID)?.delete();
        application.delete();
        defaults.list();
        defaults.create(CreateDefaultPermission::new(
            RepositoryRole::Read,
            Delegate::new("devs", PrincipalKind::Team),
        ));
        acme.default_permission(ID)?.get();
        acme.default_permission(ID)?.set_role(RepositoryRole::Read);
        acme.default_permission(ID)?.delete();
        acme.quotas().list();
        acme.quotas().create(SetQuota::new().limit_bytes(1));
        quota.get();
        quota.update(SetQuota::new().limit("1 GiB"));
        quota.limits().list();
        quota.limits().create(CreateQuotaLimit::new(QuotaLimitType::Reject, 80));
        quota.limit(1).get();
        quota.limit(1).update(UpdateQuotaLimit::new());
        quota.limit(1).delete();
        quota.delete();
        acme.repositories().list();
        acme.repositories().create(CreateRepository::new("web", Visibility::Private, ""));
        acme.proxy_cache().get();
        acme.proxy_cache().create(ProxyCache::new("docker.io"));
        acme.proxy_cache().validate(ProxyCache::new("docker.io"));
        acme.proxy_cache().delete();
        mirror.get_opt();
        mirror.create(sync);
        mirror.update(UpdateOrganizationMirror::new());
        mirror.mirrored_repositories().status(SyncStatus::Fail).max_pages(1);
        mirror.sync_now();
        mirror.cancel_sync();
        mirror.verify();
        mirror.delete();
        acme.marketplace().list();
        acme.marketplace().bind(subscriptions.clone());
        acme.marketplace().unbind(subscriptions);
        acme.marketplace().unbind_one(1);
        acme.delete();
    }
    Ok(())
}

pub async fn me(quay: &Quay) -> Result<()> {
    let me = quay.me();
    call! {
        me.get();
        me.update(UpdateUser::new());
        me.convert_to_organization(ConvertUser::new("alice", "hunter2".into()));
        me.client_key("hunter2");
        me.detach_external_login("github");
        me.accept_team_invite("4711");
        me.decline_team_invite("4711");
        me.starred();
        me.marketplace_subscriptions();
        me.app_tokens().list();
        me.app_tokens().list().expiring();
        me.app_tokens().create("laptop");
        me.app_token(ID)?.get();
        me.app_token(ID)?.delete();
        me.authorizations().list();
        me.authorization(ID)?.get();
        me.authorization(ID)?.delete();
        me.assigned_authorizations().list();
        me.assigned_authorization(ID)?.delete();
        me.notices().list();
        me.notice(ID)?.get();
        me.notice(ID)?.dismiss();
        me.notice(ID)?.restore();
        me.quotas().list();
        me.quota(1).get();
        me.quota(1).limits().list();
        me.quota(1).limit(1).get();
        me.delete();
    }
    Ok(())
}

pub async fn superuser(quay: &Quay) -> Result<()> {
    let superuser = quay.superuser();
    let (user, organization, build, key) = (
        superuser.user("alice")?,
        superuser.organization("acme")?,
        superuser.build(ID)?,
        superuser.service_key("kid1")?,
    );
    call! {
        superuser.users().list();
        superuser.users().create(CreateUser::new("alice"));
        user.get();
        user.update(UpdateUserAccount::new());
        user.send_recovery_email();
        user.delete();
        superuser.organizations().list();
        organization.get();
        organization.rename("acme-corp");
        organization.delete();
        build.get();
        build.phase();
        build.log_page(0);
        build.archived_log();
        superuser.service_keys().list();
        superuser.service_keys().create(CreateServiceKey::new("clair", None));
        key.get();
        key.update(UpdateServiceKey::new());
        key.approve(ApproveServiceKey::new());
        key.delete();
        superuser.take_ownership("acme");
        superuser.app_tokens().list().expiring();
        superuser.registry_size();
        superuser.count_registry_size();
        superuser.registry_status();
        superuser.shutdown();
        superuser.change_log();
        superuser.config();
        superuser.mirror_health();
    }
    for (quotas, quota) in [
        (user.quotas(), user.quota(1)),
        (organization.quotas(), organization.quota(1)),
    ] {
        call! {
            quotas.list();
            quotas.create(SetQuota::new().limit_bytes(1));
            quota.get();
            quota.update(SetQuota::new().limit_bytes(2));
            quota.delete();
        }
    }
    Ok(())
}
