//! Everything that can go wrong between a request and its response, and the result of the call.

use crate::support::server::{ServerAction, head, response, response_with_headers};
use quay_api::ErrorKind::{self, *};

/// The result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The kind of its error; `None` for a success.
    pub error: Option<ErrorKind>,
    /// The number of requests that the server received.
    pub requests: usize,
    /// True if the error says that a failed write may have taken effect.
    pub may_have_been_done: bool,
}

pub fn ok(requests: usize) -> Outcome {
    Outcome {
        error: None,
        requests,
        may_have_been_done: false,
    }
}

pub fn fails(kind: ErrorKind, requests: usize) -> Outcome {
    Outcome {
        error: Some(kind),
        requests,
        may_have_been_done: false,
    }
}

/// A failure after which the write may have taken effect.
pub fn unsure(kind: ErrorKind, requests: usize) -> Outcome {
    Outcome {
        error: Some(kind),
        requests,
        may_have_been_done: true,
    }
}

pub struct Row {
    pub name: String,
    pub actions: Vec<ServerAction>,
    /// A call that reads.
    pub read: Outcome,
    /// A call that is not idempotent.
    pub write: Outcome,
}

impl Row {
    /// Returns true if the server stops sending until the time-out of the client.
    pub fn is_silent(&self) -> bool {
        let is_silent = |action: &ServerAction| matches!(action, ServerAction::TimeOut(_));
        self.actions.iter().any(is_silent)
    }
}

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const HTML: &[(&str, &str)] = &[("content-type", "text/html")];

/// The body of a good response to both calls.
pub const GOOD: &str = r#"{"name": "acme+ci", "description": "", "token": "a-new-token"}"#;

pub fn good() -> ServerAction {
    ServerAction::Send(response(200, "application/json", GOOD))
}

fn page(status: u16) -> ServerAction {
    ServerAction::Send(response(
        status,
        "text/html",
        format!("<html><head><title>{status}</title></head><body></body></html>"),
    ))
}

/// The head of the good response, and a part of its body.
fn part(bytes: usize) -> Vec<u8> {
    let mut part = head(200, JSON, GOOD.len());
    part.extend_from_slice(&GOOD.as_bytes()[..bytes]);
    part
}

fn whole(body: impl AsRef<[u8]>) -> ServerAction {
    ServerAction::Send(response(200, "application/json", body))
}

const CHUNKED: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(byte: &str) -> Vec<u8> {
    format!("1000\r\n{}\r\n", byte.repeat(0x1000)).into_bytes()
}

/// Five million zeros, compressed with gzip: 32 KB, without the uncompressed size in the headers.
fn bomb() -> Vec<u8> {
    // A block of deflate that repeats one zero 258 times with every 13 bits: literal 0, then length
    // 258 at distance 1.
    let mut bits: Vec<bool> = vec![true, true, false];
    let code = |bits: &mut Vec<bool>, value: u16, length: u8| {
        bits.extend((0..length).rev().map(|i| value >> i & 1 == 1))
    };
    code(&mut bits, 0x30, 8);
    for _ in 0..20_000 {
        // Length 258 is symbol 285, distance 1 is symbol 0.
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    code(&mut bits, 0, 7);
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend(bits.chunks(8).map(|bits| {
        bits.iter()
            .enumerate()
            .fold(0, |byte, (i, bit)| byte | u8::from(*bit) << i)
    }));
    bytes
}

/// The table. Every call is sent three times at most; a single action stands for every request.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |name: &str, actions: Vec<ServerAction>, read: Outcome, write: Outcome| {
        rows.push(Row {
            name: name.to_owned(),
            actions,
            read,
            write,
        })
    };

    // The connection ends too early.
    row(
        "reset before the head",
        vec![ServerAction::Reset(vec![])],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "reset before the head, once",
        vec![ServerAction::Reset(vec![]), good()],
        ok(2),
        unsure(Connection, 1),
    );
    row(
        "reset inside the head",
        vec![ServerAction::Reset(b"HTTP/1.1 200 OK\r\nconte".to_vec())],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "reset after the head",
        vec![ServerAction::Reset(part(0))],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "reset inside the body",
        vec![ServerAction::Reset(part(9))],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "reset inside the body, once",
        vec![ServerAction::Reset(part(9)), good()],
        ok(2),
        unsure(Connection, 1),
    );
    row(
        "closed before the head",
        vec![ServerAction::Close(vec![])],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "closed inside the head",
        vec![ServerAction::Close(b"HTTP/1.1 200 OK\r\nconte".to_vec())],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "closed inside the body",
        vec![ServerAction::Close(part(9))],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "closed inside an error response",
        vec![ServerAction::Close(head(403, HTML, 100))],
        fails(Forbidden, 1),
        fails(Forbidden, 1),
    );

    // The server stops sending.
    row(
        "silence before the head",
        vec![ServerAction::TimeOut(vec![])],
        fails(Timeout, 3),
        unsure(Timeout, 1),
    );
    row(
        "silence before the head, once",
        vec![ServerAction::TimeOut(vec![]), good()],
        ok(2),
        unsure(Timeout, 1),
    );
    row(
        "silence inside the head",
        vec![ServerAction::TimeOut(b"HTTP/1.1 200 OK\r\nconte".to_vec())],
        fails(Timeout, 3),
        unsure(Timeout, 1),
    );
    row(
        "silence inside the body",
        vec![ServerAction::TimeOut(part(9))],
        fails(Timeout, 3),
        unsure(Timeout, 1),
    );
    row(
        "silence inside an error response",
        vec![ServerAction::TimeOut(head(403, HTML, 100))],
        fails(Forbidden, 1),
        fails(Forbidden, 1),
    );

    // The response is not from Quay.
    row(
        "no HTTP",
        vec![ServerAction::Close(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())],
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    row(
        "truncated JSON",
        vec![whole(&GOOD[..9])],
        fails(InvalidResponse, 3),
        unsure(InvalidResponse, 1),
    );
    row(
        "padded JSON",
        vec![whole(format!("\r\n {GOOD} \n\n"))],
        ok(1),
        ok(1),
    );
    row(
        "JSON and more",
        vec![whole(format!("{GOOD}{GOOD}"))],
        fails(InvalidResponse, 3),
        unsure(InvalidResponse, 1),
    );
    row(
        "another content type",
        vec![ServerAction::Send(response(200, "text/html", GOOD))],
        ok(1),
        ok(1),
    );
    row(
        "a page for a success",
        vec![page(200)],
        fails(InvalidResponse, 3),
        unsure(InvalidResponse, 1),
    );
    row(
        "invalid UTF-8",
        vec![whole(b"{\"name\": \"acme+\xff\xfe\"}")],
        fails(InvalidResponse, 3),
        unsure(InvalidResponse, 1),
    );
    row(
        "nothing for a success",
        vec![whole("")],
        fails(InvalidResponse, 3),
        unsure(InvalidResponse, 1),
    );
    for (name, action) in [
        ("truncated JSON, once", whole(&GOOD[..9])),
        ("a page for a success, once", page(200)),
        ("nothing for a success, once", whole("")),
        (
            "text for a success, once",
            ServerAction::Send(response(200, "text/plain", "upstream")),
        ),
        (
            "204 for a success, once",
            ServerAction::Send(response(204, "application/json", "")),
        ),
    ] {
        row(
            name,
            vec![action, good()],
            ok(2),
            unsure(InvalidResponse, 1),
        );
    }
    // JSON of another type is of another type the next time.
    for body in ["null", "[]", "{}", "\"Okay\"", r#"{"error": "no"}"#] {
        row(
            &format!("{body} for a success"),
            vec![whole(body), good()],
            fails(InvalidResponse, 1),
            unsure(InvalidResponse, 1),
        );
    }
    row(
        "JSON nested without end",
        vec![whole("[".repeat(60_000))],
        fails(InvalidResponse, 1),
        unsure(InvalidResponse, 1),
    );

    // The response is too large. The client reads no more than 64 KiB here.
    let endless = |head: &[u8], again: Vec<u8>| vec![ServerAction::Endless(head.to_vec(), again)];
    row(
        "endless body",
        endless(CHUNKED, chunk(" ")),
        fails(ResponseTooLarge, 1),
        unsure(ResponseTooLarge, 1),
    );
    row(
        "a body that is announced as endless",
        vec![ServerAction::Stall(head(200, JSON, usize::MAX >> 1))],
        fails(ResponseTooLarge, 1),
        unsure(ResponseTooLarge, 1),
    );
    row(
        "endless head",
        endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n".repeat(100)),
        fails(Connection, 3),
        unsure(Connection, 1),
    );
    let forbidden =
        b"HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n";
    row(
        "endless error response",
        endless(forbidden, chunk("<")),
        fails(Forbidden, 1),
        fails(Forbidden, 1),
    );
    // The client accepts no compression, and decompresses nothing.
    let packed = response_with_headers(
        200,
        &[
            ("content-type", "application/json"),
            ("content-encoding", "gzip"),
        ],
        bomb(),
    );
    row(
        "compressed bomb",
        vec![ServerAction::Send(packed)],
        fails(InvalidResponse, 3),
        unsure(InvalidResponse, 1),
    );

    // Pages of a proxy, and of a server that fails. rate_limit.rs has repeated 429s.
    row(
        "a page with 429, once",
        vec![page(429), good()],
        ok(2),
        ok(2),
    );
    row(
        "a page with 500",
        vec![page(500)],
        fails(Server, 1),
        unsure(Server, 1),
    );
    for status in [502, 503, 504] {
        row(
            &format!("a page with {status}"),
            vec![page(status)],
            fails(Unavailable, 3),
            unsure(Unavailable, 1),
        );
        row(
            &format!("a page with {status}, once"),
            vec![page(status), good()],
            ok(2),
            unsure(Unavailable, 1),
        );
    }
    row(
        "520",
        vec![page(520)],
        fails(Downstream, 3),
        unsure(Downstream, 1),
    );
    row(
        "520, once",
        vec![page(520), good()],
        ok(2),
        unsure(Downstream, 1),
    );
    row(
        "404 of an unknown route",
        vec![page(404)],
        fails(FeatureDisabled, 1),
        fails(FeatureDisabled, 1),
    );

    // `Retry-After`, valid and invalid.
    let dates = [
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 32 Oct 2015 07:28:00 GMT",
        "2015-10-21T07:28:00Z",
    ];
    let numbers = [
        "0",
        "1",
        "3600",
        "-1",
        "1.5",
        "1e9",
        "18446744073709551616",
        "99999999999999999999999999999999",
        "",
        " ",
        "soon",
        "1, 2",
        "\u{e9}",
    ];
    for value in numbers.iter().chain(&dates) {
        let wait = response_with_headers(
            429,
            &[("content-type", "text/html"), ("retry-after", value)],
            "<html></html>",
        );
        row(
            &format!("429 with Retry-After {value:?}"),
            vec![ServerAction::Send(wait), good()],
            ok(2),
            ok(2),
        );
    }

    // States that a retry does not change.
    let json = |status, body| {
        vec![ServerAction::Send(response(
            status,
            "application/json",
            body,
        ))]
    };
    let read_only = "{\"message\": \"System is currently read-only. Pulls will succeed but all write \
                     operations are currently suspended.\", \"is_readonly\": true}";
    row(
        "503 of a registry that takes no writes",
        json(503, read_only),
        fails(ReadOnly, 1),
        fails(ReadOnly, 1),
    );
    let mirror = r#"{"message": "Repository is in read only or mirror mode"}"#;
    row(
        "503 of a mirror",
        json(503, mirror),
        fails(RepositoryReadOnly, 1),
        fails(RepositoryReadOnly, 1),
    );

    // Redirects, within the server: see main.rs for the others.
    let to = |status, location| {
        ServerAction::Send(response_with_headers(status, &[("location", location)], ""))
    };
    row(
        "308 to itself, once",
        vec![to(308, "/api/v1/elsewhere/?x=1"), good()],
        ok(2),
        ok(2),
    );
    row(
        "307 without a location",
        vec![ServerAction::Send(response(307, "text/html", ""))],
        fails(Redirected, 1),
        fails(Redirected, 1),
    );
    row(
        "308 in a circle",
        vec![to(308, "/api/v1/elsewhere/")],
        fails(Redirected, 6),
        fails(Redirected, 6),
    );
    for status in [301, 302, 303] {
        row(
            &format!("{status}, which may change the method, or be the answer to a done write"),
            vec![to(status, "/api/v1/elsewhere/"), good()],
            fails(Redirected, 1),
            unsure(Redirected, 1),
        );
    }
    rows
}
