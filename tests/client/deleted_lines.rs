//! Deleting a line on invoices, which a server acknowledges whether it exists or not.

use crate::outcomes_account::{error_of, respond};
use quay_api::Result;
use quay_api::testing::{Response, Sandbox};
use serde_json::json;

const ID: &str = "20c7409a";

#[tokio::test]
async fn a_missing_line_on_invoices_is_not_found() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let line = sandbox.quay().me().billing().invoice_field(ID)?;
    let deletions = || sandbox.requests_of("deleteUserInvoiceField").len();
    let lines = |lines| Response::json(200, &json!({"fields": lines}));

    respond(&sandbox, "listUserInvoiceFields", lines(json!([])));
    assert!(error_of(line.delete().await).is_not_found());
    assert!(!line.delete_if_exists().await?);
    assert_eq!(deletions(), 0);

    let present = json!([{"uuid": ID, "title": "Cost centre", "value": "4711"}]);
    respond(&sandbox, "listUserInvoiceFields", lines(present));
    line.delete().await?;
    assert!(line.delete_if_exists().await?);
    assert_eq!(deletions(), 2);
    Ok(())
}
