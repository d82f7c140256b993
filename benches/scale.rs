//! Measures a large job: all active tags of the 400 repositories of an organization, 50,000 tags,
//! from a server that takes 20 ms for a request.
//!
//! Prints the seconds of each program, and as `ratio scale.NAME` the time of `fan_out` / the time
//! of that program:
//!
//! - `scale.loop`: a plain loop of requests with `reqwest`, one after the other.
//! - `scale.requests`: `benches/scale/tags.py`, with the Python that `QUAY_SCALE_PYTHON` names and
//!   its package `requests`.
//! - `scale.ansible`: `benches/scale/tags.yml`, with the `ansible-playbook` that
//!   `QUAY_SCALE_ANSIBLE` names. It reads 10 of the repositories, and the time is multiplied.
//!
//! `scripts/bench-clients` installs both and runs this.

use futures::StreamExt;
use quay_api::{Quay, fan_out};
use serde::Deserialize;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const REPOSITORIES: usize = 400;
const TAGS: usize = 125;
const PAGE: usize = 100;
const LATENCY: Duration = Duration::from_millis(20);
/// The repositories that the playbook reads.
const REPOSITORIES_OF_ANSIBLE: usize = 10;
/// The number of listings that the crate reads concurrently.
const CONCURRENCY: usize = 16;

#[derive(Deserialize)]
struct Repositories {
    repositories: Vec<Repository>,
    next_page: Option<String>,
}

#[derive(Deserialize)]
struct Repository {
    name: String,
}

#[derive(Deserialize)]
struct Tags {
    tags: Vec<Tag>,
    has_additional: bool,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
}

fn main() {
    let url = start_server();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let crate_time = time("fan_out", || runtime.block_on(with_crate(&url)));
    let compare = |name: &str, time: f64| println!("ratio scale.{name} {:.4}", crate_time / time);
    compare("loop", time("loop", || runtime.block_on(plain_loop(&url))));
    if let Ok(python) = std::env::var("QUAY_SCALE_PYTHON") {
        let run = || run_program(Command::new(python).arg(file("tags.py")).arg(&url));
        compare("requests", time("requests", run));
    }
    if let Ok(ansible) = std::env::var("QUAY_SCALE_ANSIBLE") {
        let mut command = Command::new(ansible);
        command.args(["-i", "localhost,", "-e"]);
        command.arg(format!("url={url} count={REPOSITORIES_OF_ANSIBLE}"));
        let start = Instant::now();
        let read = run_program(command.arg(file("tags.yml")));
        assert_eq!(read, REPOSITORIES_OF_ANSIBLE * TAGS, "ansible");
        let factor = REPOSITORIES as f64 / REPOSITORIES_OF_ANSIBLE as f64;
        let seconds = start.elapsed().as_secs_f64() * factor;
        println!("ansible: {seconds:.0} s, computed from 1/{factor} of the repositories");
        compare("ansible", seconds);
    }
}

/// Returns the path of a file in `benches/scale`.
fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/scale")
        .join(name)
}

/// Prints and returns the seconds of a job that returns the number of tags.
fn time(name: &str, job: impl FnOnce() -> usize) -> f64 {
    let start = Instant::now();
    let read = job();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(read, REPOSITORIES * TAGS, "{name}");
    println!("{name}: {seconds:.2} s");
    seconds
}

/// Runs a program that prints `tags: NUMBER`, and returns the number.
fn run_program(command: &mut Command) -> usize {
    let output = command.output().expect("the program starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    let number = printed
        .split_once("tags: ")
        .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next());
    match number.and_then(|number| number.parse().ok()) {
        Some(number) if output.status.success() => number,
        _ => panic!("{printed}{}", String::from_utf8_lossy(&output.stderr)),
    }
}

async fn with_crate(url: &str) -> usize {
    let quay = Quay::builder()
        .base_url(url)
        .token("bench")
        .build()
        .expect("a client");
    let repositories = quay.repositories().list().namespace("acme").await;
    let repositories = repositories.expect("repositories");
    let mut tags = fan_out(&repositories)
        .concurrency(CONCURRENCY)
        .run(|row| Ok(quay.repository(*row)?.tags().list().active()));
    let mut read = 0;
    while let Some((_, tag)) = tags.next().await {
        read += usize::from(!tag.expect("a tag").name.is_empty());
    }
    read
}

async fn plain_loop(url: &str) -> usize {
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let mut names = Vec::new();
    let mut next = String::new();
    loop {
        let url = format!("{url}/api/v1/repository?namespace=acme&next_page={next}");
        let page: Repositories = get(&http, url).await;
        names.extend(page.repositories.into_iter().map(|row| row.name));
        match page.next_page {
            Some(token) => next = token,
            None => break,
        }
    }
    let mut read = 0;
    for name in names {
        let mut page = 1;
        loop {
            let query = format!("limit={PAGE}&page={page}&onlyActiveTags=true");
            let tags: Tags = get(
                &http,
                format!("{url}/api/v1/repository/acme/{name}/tag/?{query}"),
            )
            .await;
            read += tags.tags.iter().filter(|tag| !tag.name.is_empty()).count();
            if !tags.has_additional {
                break;
            }
            page += 1;
        }
    }
    read
}

async fn get<T: for<'a> Deserialize<'a>>(http: &reqwest::Client, url: String) -> T {
    let response = http.get(url).bearer_auth("bench").send().await;
    let response = response.expect("a response");
    response.json().await.expect("a page")
}

/// Starts a server in separate threads, and returns its URL.
fn start_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let connection = connection.expect("a connection");
            std::thread::spawn(move || serve(connection));
        }
    });
    url
}

/// Responds to the requests of one connection until it is closed.
fn serve(mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    while let Some(line) = lines.next() {
        // `GET /api/v1/repository/acme/r7/tag/?page=2 HTTP/1.1`; an empty line ends the headers.
        let line = line?;
        while lines
            .next()
            .transpose()?
            .is_some_and(|header| !header.is_empty())
        {}
        let parameter = |name: &str| {
            let part = line
                .split([' ', '?', '&'])
                .find_map(|part| part.strip_prefix(name));
            part.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        let body = match line.contains("/tag/") {
            true => tags(parameter("page=").max(1)),
            false => repositories(parameter("next_page=")),
        };
        std::thread::sleep(LATENCY);
        write!(
            connection,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
    Ok(())
}

/// Returns a page of repositories. The token of a page is the number of its first row.
fn repositories(from: usize) -> String {
    let rows: Vec<String> = (from..(from + PAGE).min(REPOSITORIES))
        .map(|row| {
            format!(
                concat!(
                    r#"{{"namespace":"acme","name":"r{row}","description":null,"#,
                    r#""is_public":false,"kind":"image","state":"NORMAL","is_starred":false}}"#
                ),
                row = row
            )
        })
        .collect();
    let rows = rows.join(",");
    match from + PAGE < REPOSITORIES {
        true => format!(
            r#"{{"repositories":[{rows}],"next_page":"{}"}}"#,
            from + PAGE
        ),
        false => format!(r#"{{"repositories":[{rows}]}}"#),
    }
}

fn tags(page: usize) -> String {
    let rows: Vec<String> = ((page - 1) * PAGE..(page * PAGE).min(TAGS))
        .map(|row| {
            format!(
                concat!(
                    r#"{{"name":"v1.{row}","reversion":false,"immutable":false,"#,
                    r#""start_ts":{start},"manifest_digest":"sha256:{row:064x}","#,
                    r#""is_manifest_list":false,"size":{row},"#,
                    r#""last_modified":"Mon, 23 Nov 2026 23:31:41 -0000"}}"#
                ),
                row = row,
                start = 1_700_000_000 + row,
            )
        })
        .collect();
    format!(
        r#"{{"tags":[{}],"page":{page},"has_additional":{}}}"#,
        rows.join(","),
        page * PAGE < TAGS
    )
}
