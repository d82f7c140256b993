//! Collections and items of accounts, superusers and logs, and the query parameters of their lists.

use crate::outcomes_account::{error_of, internal_error, not_found, respond};
use quay_api::api::{AggregateLogs, Days};
use quay_api::testing::seed::{OrganizationSeed, Seed};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{Quay, Result};
use serde_json::json;

const ID: &str = "20c7409a-c1ce-4f64-b938-ce0d5f158440";

fn today() -> Days {
    Days::new(Timestamp::now(), Timestamp::now())
}

/// Returns the value of a query parameter of the last call of an operation.
fn query(sandbox: &Sandbox, operation: &str, name: &str) -> Option<String> {
    sandbox.requests_of(operation).pop()?.query(name)
}

#[tokio::test]
async fn limits_the_number_of_robot_accounts() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay: &Quay = sandbox.quay();
    quay.organization("acme")?.robots().list().limit(7).await?;
    quay.me().robots().list().await?;
    let limit = |operation| query(&sandbox, operation, "limit");
    assert_eq!(limit("getOrgRobots").as_deref(), Some("7"));
    assert_eq!(limit("getUserRobots"), None);
    let sent = sandbox.requests().len();
    let error = error_of(quay.me().robots().list().limit(0).await);
    assert!(error.is_invalid_request());
    assert_eq!(sandbox.requests().len(), sent);
    Ok(())
}

#[tokio::test]
async fn lists_tokens_of_applications_that_expire_soon() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let (me, superuser) = (sandbox.quay().me(), sandbox.quay().superuser());
    let expiring = |operation| query(&sandbox, operation, "expiring");
    me.app_tokens().list().await?;
    superuser.app_tokens().list().await?;
    assert_eq!(expiring("listAppTokens"), None);
    assert_eq!(expiring("listAllAppTokens"), None);
    me.app_tokens().list().expiring().await?;
    superuser.app_tokens().list().expiring().await?;
    assert_eq!(expiring("listAppTokens").as_deref(), Some("true"));
    assert_eq!(expiring("listAllAppTokens").as_deref(), Some("true"));
    Ok(())
}

#[tokio::test]
async fn counts_the_log_of_one_performer() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let of_robot = || AggregateLogs::new(today()).performed_by("acme+ci");
    let performer = |operation| query(&sandbox, operation, "performer");
    let (acme, me) = (quay.organization("acme")?.logs(), quay.me().logs());
    acme.aggregate_with(of_robot()).await?;
    me.aggregate_with(of_robot()).await?;
    assert_eq!(performer("getAggregateOrgLogs").as_deref(), Some("acme+ci"));
    assert_eq!(
        performer("getAggregateUserLogs").as_deref(),
        Some("acme+ci")
    );
    acme.aggregate(today()).await?;
    assert_eq!(performer("getAggregateOrgLogs"), None);

    // The server can't count the other logs by performer.
    let sent = sandbox.requests().len();
    let logs = [quay.repository("acme/web")?.logs(), quay.superuser().logs()];
    for logs in &logs {
        assert!(error_of(logs.aggregate_with(of_robot()).await).is_invalid_request());
    }
    let nobody = AggregateLogs::new(today()).performed_by("");
    assert!(error_of(acme.aggregate_with(nobody).await).is_invalid_request());
    assert_eq!(sandbox.requests().len(), sent);

    respond(&sandbox, "getAggregateOrgLogs", internal_error());
    respond(&sandbox, "getUserInformation", not_found());
    let unknown = AggregateLogs::new(today()).performed_by("nobody");
    let error = error_of(acme.aggregate_with(unknown).await);
    assert!(error.is_not_found(), "{error}");
    Ok(())
}

#[tokio::test]
async fn limits_of_the_callers_quota_are_read_from_the_quota() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let limits = json!([{"id": 2, "type": "Warning", "limit_percent": 80}]);
    let quota = json!({"id": 1, "limit_bytes": 10, "limits": limits});
    respond(&sandbox, "getUserQuotaLimit", Response::json(200, &quota));
    let quota = sandbox.quay().me().quota(1);
    let limit = quota.limit(2).get().await?;
    assert_eq!(
        (limit.id, limit.limit_percent),
        (Some(QuotaLimitId::new(2)), 80)
    );
    assert_eq!(quota.limit(3).get_opt().await?, None);
    let error = error_of(quota.limit(3).get().await);
    assert_eq!(error.message(), "there is no limit 3 of the quota 1");
    Ok(())
}

#[tokio::test]
async fn assigned_tokens_and_invoice_lines_are_items_of_their_lists() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let me = sandbox.quay().me();
    let none = Response::json(200, &json!({"authorizations": []}));
    respond(&sandbox, "listAssignedAuthorizations", none);
    let assigned = me.assigned_authorization(ID)?;
    assert_eq!(assigned.get_opt().await?, None);
    assert!(!assigned.delete_if_exists().await?);
    assert!(error_of(assigned.get().await).is_not_found());
    assert!(
        sandbox
            .requests_of("deleteAssignedAuthorization")
            .is_empty()
    );

    let lines = json!({"fields": [{"uuid": ID, "title": "Cost centre", "value": "4711"}]});
    respond(
        &sandbox,
        "listUserInvoiceFields",
        Response::json(200, &lines),
    );
    let fields = me.billing().invoice_fields();
    let line = |value: &str| CreateInvoiceField::new("Cost centre", value);
    assert_eq!(fields.create_if_absent(line("4711")).await?, None);
    assert!(sandbox.requests_of("createUserInvoiceField").is_empty());
    assert!(fields.create_if_absent(line("4712")).await?.is_some());
    assert_eq!(me.billing().invoice_field(ID)?.get().await?.value, "4711");
    Ok(())
}

#[tokio::test]
async fn superusers_assign_quotas_and_read_organizations() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let seed = Seed::new()
        .user("alice")
        .organization(OrganizationSeed::new("acme"));
    sandbox.seed(&seed)?;
    let superuser = sandbox.quay().superuser();
    let acme = superuser.organization("acme")?;
    assert_eq!(acme.get().await?.name, acme.name());
    assert_eq!(superuser.organization("nosuch")?.get_opt().await?, None);
    let listed = superuser.organizations().list().await?;
    assert!(
        listed
            .iter()
            .any(|organization| organization.name == "acme")
    );

    let alice = superuser.user("alice")?;
    let size = || SetQuota::new().limit_bytes(1 << 30);
    let quota = alice.quotas().create(size()).await?;
    assert_eq!(alice.quotas().create_if_absent(size()).await?, None);
    let handle = alice.quota(quota.id.expect("a quota of its own"));
    assert_eq!(handle.get().await?.limit_bytes, quota.limit_bytes);
    assert!(handle.delete_if_exists().await?);
    assert!(!handle.delete_if_exists().await?);
    assert!(error_of(handle.get().await).is_not_found());
    Ok(())
}
