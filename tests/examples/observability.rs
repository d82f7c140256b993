//! What the examples show of their calls.

use super::{Result, folder, run, run_on, shop};

#[tokio::test]
async fn prometheus_metrics_are_served_in_the_text_format() -> Result {
    let folder = folder("prometheus_metrics")?;
    let sandbox = shop().await?;
    let found = run_on(&sandbox, "prometheus_metrics", &["shop", "--once"], &folder).await?;
    found.ends_with(0).prints(&[
        "# TYPE quay_calls_total counter\n",
        "quay_calls_total{operation=\"getOrganization\",outcome=\"success\",error=\"\",\
         status=\"200\"} 1\n",
        "quay_refused_requests_total{operation=\"getOrganization\",",
    ]);
    // On the server that it brings; what is not there is no failure.
    let arguments = ["no-such-organization", "--once"];
    let missing = run("prometheus_metrics", &arguments, &folder).await?;
    missing.ends_with(0).prints(&[
        "no-such-organization is not there\n",
        "operation=\"getOrganization\",outcome=\"expected\",error=\"NotFound\",status=\"404\"} 1\n",
    ]);
    Ok(())
}
