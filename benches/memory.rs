//! Measures the memory of long listings that are read as streams.
//!
//! Prints the increase of the highest resident memory during the reading, in MiB:
//!
//! - `ratio memory.mib`: a million tags, a hundred a page.
//! - `ratio memory.ten_million`: ten million tags.
//! - `ratio memory.fan_out`: a `fan_out` over a thousand repositories with a thousand tags each,
//!   sixteen of them read at the same time.
//! - `ratio memory.fan_out_at_once`: the same, as many of them as possible at the same time.
//!
//! A separate process reads each, so that the memory of one does not count for the next. The server
//! runs in another process. Linux only: on other systems, the bench prints that it does not run.

use futures::{StreamExt, TryStreamExt};
use quay_api::Quay;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// The tags of a page.
const ROWS: u64 = 100;
/// The repositories of the fan-out, and the pages of each.
const LISTINGS: u64 = 1_000;
const PAGES_OF_A_LISTING: u64 = 10;
const ROWS_OF_ALL: u64 = LISTINGS * PAGES_OF_A_LISTING * ROWS;
/// The variable that makes the process the server, or the reader of one case.
const ROLE: &str = "QUAY_API_BENCH_ROLE";
const SERVER: &str = "server";
const CASES: [&str; 4] = [
    "memory.mib",
    "memory.ten_million",
    "memory.fan_out",
    "memory.fan_out_at_once",
];

fn main() {
    match std::env::var(ROLE) {
        Ok(role) if role == SERVER => return serve(),
        Ok(case) => return measure(&case),
        Err(_) => {}
    }
    if !cfg!(target_os = "linux") {
        println!("memory: not measured, because this is not Linux");
        return;
    }
    let (mut server, url) = start_server();
    for case in CASES {
        let program = std::env::current_exe().expect("the bench's own path");
        let status = Command::new(program)
            .env(ROLE, case)
            .env("QUAY_URL", &url)
            .status()
            .expect("a process");
        assert!(status.success(), "{case}");
    }
    server.kill().expect("the server to end");
    server.wait().expect("the server to end");
}

/// Reads one case, and prints its line.
fn measure(case: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let quay = Quay::builder()
        .base_url(std::env::var("QUAY_URL").expect("the server's address"))
        .token("bench")
        .build()
        .expect("a client");
    let idle = resident_mib("VmRSS:");
    // Reset the highest value so far.
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let (rows, expected) = runtime.block_on(async {
        match case {
            "memory.fan_out" => (read_many(&quay, 16).await, ROWS_OF_ALL),
            "memory.fan_out_at_once" => (read_many(&quay, LISTINGS as usize).await, ROWS_OF_ALL),
            "memory.ten_million" => (read(&quay, 10_000_000).await, 10_000_000),
            _ => (read(&quay, 1_000_000).await, 1_000_000),
        }
    });
    assert_eq!(rows, expected, "{case}: every tag came");
    println!("ratio {case} {:.2}", resident_mib("VmHWM:") - idle);
}

/// Reads the tags of a repository, and returns their number.
async fn read(quay: &Quay, tags: u64) -> u64 {
    let repository = quay
        .repository(format!("acme/{}", tags / ROWS))
        .expect("a name");
    let mut tags = repository.tags().list().stream();
    let mut rows = 0;
    while let Some(tag) = tags.try_next().await.expect("a tag") {
        rows += u64::from(!tag.name.is_empty());
    }
    rows
}

/// Reads the tags of many repositories with this concurrency, and returns their number.
async fn read_many(quay: &Quay, concurrency: usize) -> u64 {
    let mut tags = quay_api::fan_out(0..LISTINGS)
        .concurrency(concurrency)
        .run(|number| {
            let name = format!("r{number}/{PAGES_OF_A_LISTING}");
            Ok(quay.repository(name)?.tags().list())
        });
    let mut rows = 0;
    while let Some((_, tag)) = tags.next().await {
        rows += u64::from(!tag.expect("a tag").name.is_empty());
    }
    rows
}

/// Returns a value of the process status of the kernel, in MiB.
fn resident_mib(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .expect("such a line");
    line.trim()
        .trim_end_matches(" kB")
        .parse::<f64>()
        .expect("a number")
        / 1024.0
}

fn start_server() -> (Child, String) {
    let program = std::env::current_exe().expect("the bench's own path");
    let mut server = Command::new(program)
        .env(ROLE, SERVER)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut url = String::new();
    BufReader::new(server.stdout.take().expect("its output"))
        .read_line(&mut url)
        .expect("its address");
    (server, url.trim().to_owned())
}

/// Responds to every request with the requested page of tags.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("http://{}", listener.local_addr().expect("an address"));
    for connection in listener.incoming() {
        let connection = connection.expect("a connection");
        std::thread::spawn(move || serve_connection(connection));
    }
}

/// Responds to the requests of one connection until it is closed.
fn serve_connection(mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let mut requests = BufReader::new(connection.try_clone()?).lines();
    while let Some(line) = requests.next() {
        // `GET /api/v1/repository/acme/10000/tag/?page=7&limit=100 HTTP/1.1`: the name of the
        // repository is the number of its pages. The headers end with an empty line.
        let line = line?;
        while requests
            .next()
            .transpose()?
            .is_some_and(|header| !header.is_empty())
        {}
        let pages = line.split('/').nth(5).and_then(|name| name.parse().ok());
        let number = line
            .split([' ', '?', '&'])
            .find_map(|part| part.strip_prefix("page="))
            .and_then(|number| number.parse().ok());
        let body = page(number.unwrap_or(1), pages.unwrap_or(1));
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(head.as_bytes())?;
        connection.write_all(body.as_bytes())?;
    }
    Ok(())
}

fn page(number: u64, pages: u64) -> String {
    let tags: Vec<String> = (0..ROWS)
        .map(|row| {
            let i = number * ROWS + row;
            format!(
                concat!(
                    r#"{{"name":"v1.{i}","reversion":false,"immutable":false,"start_ts":{start},"#,
                    r#""manifest_digest":"sha256:{i:064x}","is_manifest_list":false,"size":{i},"#,
                    r#""last_modified":"Mon, 23 Nov 2026 23:31:41 -0000"}}"#,
                ),
                i = i,
                start = 1_700_000_000 + i,
            )
        })
        .collect();
    format!(
        r#"{{"tags":[{}],"page":{number},"has_additional":{}}}"#,
        tags.join(","),
        number < pages
    )
}
