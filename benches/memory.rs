//! Measures the memory of a long listing: a million tags, a hundred a page, read as a stream.
//!
//! Prints `ratio memory.mib VALUE`: the highest resident memory while the listing is read, in MiB
//! above that of the process before it sent anything. The server is a process of its own (this
//! bench once more), so that its memory does not count. Linux only: elsewhere it says so.

use futures::TryStreamExt;
use quay_api::Quay;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

const PAGES: u64 = 10_000;
const ROWS: u64 = 100;
/// The variable whose presence makes the process the server.
const SERVER: &str = "QUAY_API_BENCH_SERVER";

fn main() {
    if std::env::var_os(SERVER).is_some() {
        return serve();
    }
    if !cfg!(target_os = "linux") {
        println!("memory: measured on Linux only");
        return;
    }
    let (mut server, url) = start_server();
    let measured = measure(&url);
    server.kill().expect("the server to end");
    server.wait().expect("the server to end");
    println!("ratio memory.mib {measured:.2}");
}

fn measure(url: &str) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let quay = Quay::builder()
        .base_url(url)
        .token("bench")
        .build()
        .expect("a client");
    let idle = resident_mib("VmRSS:");
    // Reset the highest value so far.
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let rows = runtime.block_on(async {
        let mut tags = quay
            .repository("acme/web")
            .expect("a name")
            .tags()
            .list()
            .stream();
        let mut rows = 0;
        while let Some(tag) = tags.try_next().await.expect("a tag") {
            rows += u64::from(!tag.name.is_empty());
        }
        rows
    });
    assert_eq!(rows, PAGES * ROWS, "every tag came");
    resident_mib("VmHWM:") - idle
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
        .env(SERVER, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut url = String::new();
    BufReader::new(server.stdout.take().expect("its output"))
        .read_line(&mut url)
        .expect("its address");
    (server, url.trim().to_owned())
}

/// Responds to every request with the page of tags that it asks for.
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
        // `GET /api/v1/repository/acme/web/tag/?page=7&limit=100 HTTP/1.1`; the headers end with an
        // empty line.
        let line = line?;
        while requests
            .next()
            .transpose()?
            .is_some_and(|header| !header.is_empty())
        {}
        let parameters = line
            .split([' ', '?', '&'])
            .find_map(|part| part.strip_prefix("page="));
        let body = page(
            parameters
                .and_then(|number| number.parse().ok())
                .unwrap_or(1),
        );
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(head.as_bytes())?;
        connection.write_all(body.as_bytes())?;
    }
    Ok(())
}

fn page(number: u64) -> String {
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
        number < PAGES
    )
}
