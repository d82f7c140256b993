//! Tests over all handles.

use crate::pagination::{ListRequest, Listing};
use crate::types::{Digest, RepositoryKind, SyncStatus, Timestamp};
use crate::{Quay, Result};
use std::collections::HashMap;

/// Returns the position of a listing before its first row.
fn position<Q: ListRequest>(listing: Listing<Q>) -> String {
    listing.stream().position().to_string()
}

/// Returns the positions of all listings, with each of their settings, and a name for each.
fn positions(quay: &Quay) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    let mut add = |name: &str, position: String| all.push((name.to_owned(), position));
    macro_rules! listings {
        ($($listing:expr),* $(,)?) => {
            $( add(stringify!($listing), position($listing)); )*
        };
    }
    let (web, api) = (quay.repository("acme/web")?, quay.repository("acme/api")?);
    let (acme, globex) = (quay.organization("acme")?, quay.organization("globex")?);
    let (me, superuser, search) = (quay.me(), quay.superuser(), quay.search());
    let day = Timestamp::from_date(2025, 11, 1).unwrap_or_else(Timestamp::now);
    let tags = || web.tags().list();
    let repositories = || quay.repositories().list().namespace("acme");
    let health = || quay.mirror_health().list();
    let digest: Digest = format!("sha256:{}", "0".repeat(64)).parse()?;
    let other_digest: Digest = format!("sha256:{}", "1".repeat(64)).parse()?;
    let trigger = |id: &str| web.trigger(id);
    listings![
        tags(),
        tags().active(),
        tags().named("a"),
        tags().named("b"),
        tags().name_contains("a"),
        tags().page_size(50),
        tags().active().named("a"),
        api.tags().list(),
        repositories(),
        repositories().with_last_modified(),
        repositories().with_popularity(),
        repositories().without_public(),
        repositories().kind(RepositoryKind::Image),
        repositories().kind(RepositoryKind::Application),
        quay.repositories().list().namespace("globex"),
        quay.repositories().list(),
        health(),
        health().page_size(50),
        quay.mirror_health().namespace("acme").list(),
        search.repositories("a"),
        search.repositories("b"),
        search.repositories("a").with_usage(),
        search.everything("a"),
        search.everything("b"),
        search.entities("a"),
        search.entities("a").within("acme"),
        acme.mirror().mirrored_repositories(),
        acme.mirror()
            .mirrored_repositories()
            .status(SyncStatus::Success),
        acme.mirror()
            .mirrored_repositories()
            .status(SyncStatus::Fail),
        acme.mirror().mirrored_repositories().page_size(50),
        globex.mirror().mirrored_repositories(),
        superuser.users().list(),
        superuser.users().list().enabled(),
        superuser.users().list().page_size(50),
        superuser.organizations().list(),
        superuser.organizations().list().page_size(50),
        superuser.app_tokens().list(),
        superuser.service_keys().list(),
        superuser.organization("acme")?.quotas().list(),
        superuser.user("acme")?.quotas().list(),
        superuser.build("1")?.log_lines(),
        web.builds().list(),
        web.builds().list().limit(5),
        web.builds().list().since(day),
        api.builds().list(),
        web.build("1")?.log_lines(),
        web.build("2")?.log_lines(),
        api.build("1")?.log_lines(),
    ];
    listings![
        web.logs().list(),
        web.logs().list().since(day),
        web.logs().list().until(day),
        web.logs().list().until(Timestamp::now()),
        web.logs().list().since(day).until(day),
        web.logs().list().performed_by("a"),
        web.logs().list().performed_by("b"),
        api.logs().list(),
        acme.logs().list(),
        acme.logs().list().performed_by("a"),
        acme.logs().list().performed_by("b"),
        acme.logs().list().performed_by("a").since(day),
        globex.logs().list(),
        me.logs().list(),
        me.logs().list().performed_by("a"),
        superuser.logs().list(),
        superuser.logs().list().since(day),
        superuser.logs().list().performed_by("a"),
    ];
    listings![
        acme.robots().list(),
        acme.robots().list().with_tokens(),
        acme.robots().list().with_permissions(),
        globex.robots().list(),
        me.robots().list(),
        me.robots().list().with_tokens(),
        acme.robot("a")?.permissions(),
        acme.robot("b")?.permissions(),
        me.robot("a")?.permissions(),
        web.notifications().list(),
        api.notifications().list(),
        acme.notifications().list(),
        me.notifications().list(),
        web.autoprune_policies().list(),
        acme.autoprune_policies().list(),
        me.autoprune_policies().list(),
        web.immutability_policies().list(),
        acme.immutability_policies().list(),
        acme.billing().invoices(),
        acme.billing().invoice_fields().list(),
        me.billing().invoices(),
        me.billing().invoice_fields().list(),
        web.user_permissions().list(),
        web.team_permissions().list(),
        web.manifest(&digest)?.labels().list(),
        web.manifest(&digest)?.labels().list().key_prefix("a"),
        web.manifest(&other_digest)?.labels().list(),
        api.manifest(&digest)?.labels().list(),
        web.triggers().list(),
        trigger("1")?.builds().list(),
        trigger("1")?.builds().list().limit(5),
        trigger("2")?.builds().list(),
        trigger("1")?.source_namespaces(),
    ];
    listings![
        acme.teams().list(),
        acme.team("devs")?.members().list(),
        acme.team("devs")?.members().list().with_invited(),
        acme.team("ops")?.members().list(),
        acme.team("devs")?.permissions(),
        acme.members().list(),
        acme.collaborators(),
        acme.applications().list(),
        acme.application("1")?.tokens().list(),
        acme.application("2")?.tokens().list(),
        globex.application("1")?.tokens().list(),
        acme.default_permissions().list(),
        acme.quotas().list(),
        acme.marketplace().list(),
        me.app_tokens().list(),
        me.app_tokens().list().expiring(),
        me.authorizations().list(),
        me.assigned_authorizations().list(),
        me.notices().list(),
        me.starred(),
        me.marketplace_subscriptions(),
        me.quotas().list(),
        quay.messages().list(),
        quay.plans(),
    ];
    Ok(all)
}

#[test]
fn no_two_listings_have_the_same_identity() -> Result<()> {
    let quay = Quay::anonymous("https://quay.example.com")?;
    let first = positions(&quay)?;
    let mut names = HashMap::new();
    for (name, position) in &first {
        let fields: HashMap<_, _> = url::form_urlencoded::parse(position.as_bytes()).collect();
        let identity = (fields["operation"].clone(), fields["listing"].clone());
        if let Some(other) = names.insert(identity, name) {
            panic!("{name} and {other} have the same identity: {position}");
        }
    }
    let identities = |quay: &Quay| -> Result<Vec<String>> {
        let positions = positions(quay)?;
        let identity = |(_, position): (String, String)| {
            url::form_urlencoded::parse(position.as_bytes())
                .find(|(field, _)| field == "listing")
                .map(|(_, value)| value.into_owned())
        };
        Ok(positions.into_iter().filter_map(identity).collect())
    };
    let of = identities(&quay)?;
    assert_eq!(of.len(), first.len());
    assert_eq!(
        identities(&Quay::anonymous("https://quay.example.com")?)?,
        of
    );
    let elsewhere = identities(&Quay::anonymous("https://quay.example.com/other")?)?;
    assert!(of.iter().zip(&elsewhere).all(|(here, there)| here != there));
    Ok(())
}
