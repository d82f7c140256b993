//! The examples that report: `export_logs`, `activity_chart`, `vulnerability_report` and
//! `storage_report`.

use super::{Result, folder, run_on, shop, writes};
use quay_api::testing::seed::Seed;
use quay_api::testing::{ErrorResponse, RecordedRequest, Response, Sandbox};
use quay_api::types::Timestamp;
use serde_json::{Value, json};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A page of a log that has three entries a day, newest first, and two a page.
fn log_page(request: &RecordedRequest) -> Response {
    let day = |name: &str| {
        request
            .query(name)
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map_or(0, |day| day.unix_seconds() / 86_400)
    };
    let (first, last) = (day("starttime"), day("endtime"));
    let entries = (first..=last).rev().flat_map(|day| {
        (0..3)
            .rev()
            .map(move |hour| Timestamp::from_unix_seconds(day * 86_400 + hour * 3600))
    });
    let start: usize = request
        .query("next_page")
        .and_then(|token| token.rsplit('.').next()?.parse().ok())
        .unwrap_or(0);
    let rows: Vec<Value> = entries
        .flatten()
        .skip(start)
        .take(2)
        .map(|moment| {
            json!({
                "kind": "push_repo",
                "datetime": moment.to_string(),
                "metadata": {"repo": "web", "at": moment.to_string()},
            })
        })
        .collect();
    // The last page is always empty, and no token is repeated.
    let next = (!rows.is_empty()).then(|| format!("{first}.{last}.{}", start + 2));
    Response::json(200, &json!({"logs": rows, "next_page": next}))
}

#[tokio::test]
async fn export_logs_writes_each_entry_once_across_interruptions() -> Result {
    let (sandbox, folder) = (shop().await?, folder("export")?);
    sandbox.respond_with("listOrgLogs", log_page);
    let lines = || -> Result<Vec<String>> {
        let text = fs::read_to_string(folder.join("logs.jsonl"))?;
        let entries: Vec<Value> = text
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?;
        Ok(entries
            .iter()
            .map(|entry| entry["datetime"].as_str().unwrap_or_default().to_owned())
            .collect())
    };
    let day = |number: u32| {
        (0..3)
            .rev()
            .map(move |hour| format!("2026-11-{number:02}T{hour:02}:00:00Z"))
    };
    let until = |day| {
        [
            "shop",
            "--to",
            "logs.jsonl",
            "--since",
            "2026-11-01",
            "--until",
            day,
        ]
    };

    // The server fails in the middle of the second day.
    sandbox.fail("listOrgLogs").late().times(2);
    sandbox.fail("listOrgLogs").respond(ErrorResponse::NotFound);
    let ended = run_on(&sandbox, "export_logs", &until("2026-11-04"), &folder).await?;
    ended.ends_with(1);
    assert!(
        ended
            .err
            .contains("stopped after 4 entries; run the command again to continue"),
        "{}",
        ended.err
    );
    let whole: Vec<String> = (1..=4).rev().flat_map(day).collect();
    assert_eq!(lines()?, whole[..4]);
    // A crash may have left more entries than the state file records, even half a line.
    fs::write(
        folder.join("logs.jsonl"),
        fs::read_to_string(folder.join("logs.jsonl"))? + "{\"kind\": \"pu",
    )?;
    run_on(&sandbox, "export_logs", &until("2026-11-04"), &folder)
        .await?
        .ends_with(0)
        .prints(&["8 entries written to logs.jsonl, from 2026-11-01"]);
    assert_eq!(lines()?, whole);

    let requested = sandbox.requests().len();
    run_on(&sandbox, "export_logs", &until("2026-11-04"), &folder)
        .await?
        .ends_with(0)
        .prints(&["nothing to do"]);
    assert_eq!(
        sandbox.requests().len(),
        requested,
        "nothing is requested twice"
    );
    // The next days are appended.
    run_on(&sandbox, "export_logs", &until("2026-11-06"), &folder)
        .await?
        .ends_with(0)
        .prints(&["6 entries written", "from 2026-11-05 to 2026-11-06"]);
    assert_eq!(
        lines()?,
        whole
            .into_iter()
            .chain((5..=6).rev().flat_map(day))
            .collect::<Vec<_>>()
    );

    // Nothing is overwritten, and the logs of two organizations are not mixed.
    let other = run_on(
        &sandbox,
        "export_logs",
        &["acme", "--to", "logs.jsonl"],
        &folder,
    )
    .await?;
    assert!(
        other
            .ends_with(1)
            .err
            .contains("logs.jsonl has the logs of shop, not of acme"),
        "{}",
        other.err
    );
    fs::remove_file(folder.join("logs.jsonl.state"))?;
    run_on(&sandbox, "export_logs", &until("2026-11-07"), &folder)
        .await?
        .ends_with(1);
    assert_eq!(lines()?.len(), 18);
    Ok(())
}

#[tokio::test]
async fn activity_chart_counts_in_spans_and_draws_a_chart() -> Result {
    let (sandbox, folder) = (shop().await?, folder("activity")?);
    sandbox.respond_with("getAggregateOrgLogs", |request| {
        let row = |kind: &str, count: u32, day: Option<String>| {
            json!({
                "kind": kind,
                "count": count,
                "datetime": format!("{} 00:00:00", iso(&day.unwrap_or_default())),
            })
        };
        let (first, last) = (request.query("starttime"), request.query("endtime"));
        let rows = [
            row("pull_repo", 7, first.clone()),
            row("push_repo", 2, first),
            row("delete_tag", 1, last.clone()),
            row("a_new_kind", 4, last),
        ];
        Response::json(200, &json!({"aggregated": rows}))
    });
    let arguments = [
        "shop",
        "--days",
        "61",
        "--until",
        "2026-11-24",
        "--chart",
        "chart.svg",
    ];
    let ended = run_on(&sandbox, "activity_chart", &arguments, &folder).await?;
    // Three spans: thirty days, thirty days and one.
    ended.ends_with(0).prints(&[
        "pulls              21, most on 2026-",
        "pushes              6",
        "deletions           3",
        "other changes      12",
        "chart of 61 days",
    ]);
    let requested: Vec<_> = sandbox
        .requests_of("getAggregateOrgLogs")
        .iter()
        .filter_map(|r| Some((r.query("starttime")?, r.query("endtime")?)))
        .collect();
    for span in [
        ("09/25/2026", "10/24/2026"),
        ("10/25/2026", "11/23/2026"),
        ("11/24/2026", "11/24/2026"),
    ] {
        assert!(
            requested.contains(&(span.0.to_owned(), span.1.to_owned())),
            "{span:?} is not in {requested:?}"
        );
    }
    let svg = fs::read_to_string(folder.join("chart.svg"))?;
    for text in [
        "<svg ",
        "Activity in shop",
        "pulls",
        "deletions",
        "09-25",
        "</svg>",
    ] {
        assert!(svg.contains(text), "{text} is not in the chart");
    }
    run_on(
        &sandbox,
        "activity_chart",
        &["shop", "--days", "0"],
        &folder,
    )
    .await?
    .ends_with(2);
    run_on(
        &sandbox,
        "activity_chart",
        &["shop", "--chart", "no/such/folder.svg"],
        &folder,
    )
    .await?
    .ends_with(1);
    Ok(())
}

/// `2026-11-24` of `11/24/2026`.
fn iso(day: &str) -> String {
    let parts: Vec<&str> = day.split('/').collect();
    match parts[..] {
        [month, day, year] => format!("{year}-{month}-{day}"),
        _ => panic!("{day} is no day"),
    }
}

#[tokio::test]
async fn vulnerability_report_waits_for_scans_and_counts_by_severity() -> Result {
    let (sandbox, folder) = (shop().await?, folder("vulnerabilities")?);
    let digest = |tag: &str| format!("/manifest/{tag}");
    let newest = sandbox
        .quay()
        .repository("shop/web")?
        .tag("v12")?
        .get_opt()
        .await?
        .and_then(|tag| tag.manifest_digest)
        .ok_or("no v12")?;
    let requested = AtomicUsize::new(0);
    sandbox.respond_with("getRepoManifestSecurity", move |request| {
        let is_newest = request.path.contains(&digest(newest.as_str()));
        // The newest is scanned at the second request.
        if is_newest && requested.fetch_add(1, Ordering::SeqCst) == 0 {
            return Response::json(200, &json!({"status": "queued", "data": null}));
        }
        let found = |name: &str, severity: &str, fixed_by: &str| {
            json!({
                "Name": name,
                "Severity": severity,
                "FixedBy": fixed_by,
                "Metadata": {},
            })
        };
        let mut vulnerabilities = vec![found("CVE-1", "High", "3.0.2"), found("CVE-2", "Low", "")];
        if is_newest {
            vulnerabilities.push(found("CVE-3", "Medium", "1.1"));
        }
        let feature = json!({
            "Name": "openssl",
            "Version": "3.0.1",
            "Vulnerabilities": vulnerabilities,
        });
        Response::json(
            200,
            &json!({
                "status": "scanned",
                "data": {"Layer": {"Features": [feature]}},
            }),
        )
    });
    let arguments = ["shop", "--newest", "2", "--chart", "chart.svg"];
    let ended = run_on(
        &sandbox,
        "vulnerability_report",
        &[&arguments[..], &["--fail-on", "Critical", "--wait", "1h"]].concat(),
        &folder,
    )
    .await?;
    ended
        .ends_with(0)
        .prints(&["2 tags, 0 not scanned yet, 2 with fixes"]);
    let row = |tag: &str| {
        ended
            .out
            .lines()
            .find(|line| line.contains(tag))
            .map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    // Status, critical, high, medium, low, other, fixable.
    assert_eq!(
        row("shop/web:v12"),
        ["scanned", "0", "1", "1", "1", "0", "2"]
    );
    assert_eq!(
        row("shop/web:v11"),
        ["scanned", "0", "1", "0", "1", "0", "1"]
    );
    assert!(!ended.out.contains("v10"), "only the newest are looked at");
    let listed = sandbox
        .requests_of("listRepoTags")
        .into_iter()
        .filter(|request| request.query("specificTag").is_none());
    assert_eq!(listed.count(), 1, "one page is enough for the newest");
    let svg = fs::read_to_string(folder.join("chart.svg"))?;
    assert!(svg.contains("Vulnerabilities in shop") && svg.contains("</svg>"));
    run_on(
        &sandbox,
        "vulnerability_report",
        &["--fail-on", "HIGH", "shop"],
        &folder,
    )
    .await?
    .ends_with(3);
    run_on(
        &sandbox,
        "vulnerability_report",
        &["shop", "--fail-on", "Terrible"],
        &folder,
    )
    .await?
    .ends_with(2);

    // The wait ends before the scan; then there is no scanner.
    sandbox.respond_with("getRepoManifestSecurity", |_| {
        Response::json(200, &json!({"status": "queued", "data": null}))
    });
    let ended = run_on(
        &sandbox,
        "vulnerability_report",
        &["shop", "--newest", "1", "--wait", "0s"],
        &folder,
    )
    .await?;
    ended.ends_with(0).prints(&["1 tags, 1 not scanned yet"]);
    sandbox.respond_with("getRepoManifestSecurity", |_| {
        Response::text(404, "text/html", "<html></html>")
    });
    let ended = run_on(&sandbox, "vulnerability_report", &["shop"], &folder).await?;
    ended.ends_with(1);
    assert!(ended.err.contains("its feature is off"), "{}", ended.err);
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}

#[tokio::test]
async fn vulnerability_report_fails_before_listing_if_the_scanner_is_off() -> Result {
    let builder = Sandbox::builder().without_feature("FEATURE_SECURITY_SCANNER");
    let (sandbox, folder) = (builder.start().await?, folder("scanner_off")?);
    sandbox.seed(&Seed::new().organization("shop"))?;
    let ended = run_on(&sandbox, "vulnerability_report", &["shop"], &folder).await?;
    let message = "error: the security scanner of the server is off\n";
    assert_eq!(ended.ends_with(1).err, message);
    assert!(
        sandbox.requests_of("listRepos").is_empty(),
        "nothing is read before"
    );
    Ok(())
}

#[tokio::test]
async fn storage_report_warns_of_full_quotas() -> Result {
    let (sandbox, folder) = (shop().await?, folder("storage")?);
    let quota = json!([
        {
            "id": 1,
            "limit_bytes": 15 << 20,
            "limit": "15.0 MiB",
            "default_config": false,
            "default_config_exists": false,
            "limits": [
                {"id": 1, "type": "Warning", "limit_percent": 70},
                {"id": 2, "type": "Reject", "limit_percent": 100},
            ],
        },
    ]);
    sandbox.respond_with("listOrganizationQuota", move |_| {
        Response::json(200, &quota)
    });
    let arguments = ["shop", "--chart", "chart.svg", "--warn-at"];
    let ended = run_on(
        &sandbox,
        "storage_report",
        &[&arguments[..], &["90"]].concat(),
        &folder,
    )
    .await?;
    ended.ends_with(0).prints(&[
        "shop/web",
        "12 MiB",
        "15 MiB",
        "80.0 %",
        "warning 70 %, reject 100 %",
    ]);
    let ended = run_on(
        &sandbox,
        "storage_report",
        &[&arguments[..], &["75"]].concat(),
        &folder,
    )
    .await?;
    ended
        .ends_with(3)
        .prints(&["warning: shop uses 80 % of its quota"]);
    let svg = fs::read_to_string(folder.join("chart.svg"))?;
    assert!(
        svg.contains("80 %, 12 MiB of 15 MiB")
            && svg.contains("shop/web")
            && svg.contains("</svg>")
    );
    run_on(&sandbox, "storage_report", &["nobody"], &folder)
        .await?
        .ends_with(1);
    run_on(&sandbox, "storage_report", &["--all"], &folder)
        .await?
        .ends_with(0)
        .prints(&["shop"]);
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}
