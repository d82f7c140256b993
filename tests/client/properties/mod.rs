//! Any string as a name, a value or a setting is refused before anything is sent, or arrives
//! unchanged in the route, the parameter or the header that it is for.
//!
//! The tests check the bytes on a socket. `PROPERTY_CASES=N` tries more strings; a failure prints
//! the shortest string that fails.

mod routes;
mod strings;
mod values;

use crate::support::server::{Request, Server, ServerAction, response};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::json;
use strings::any_string;

type Check = std::result::Result<(), String>;

/// A server that responds to everything with an empty object, and a client of it.
struct Wire {
    server: Server,
    quay: Quay,
}

impl Wire {
    async fn new() -> Self {
        let empty = ServerAction::Send(response(200, "application/json", "{}"));
        let server = Server::start([empty]).await;
        let quay = Quay::builder()
            .base_url(server.url())
            .token("hunter2")
            .build()
            .expect("a client");
        Self { server, quay }
    }

    /// Sets the response to all requests: an object that contains everything that a call reads
    /// before it writes, under these names.
    fn respond_with(&self, names: [&str; 2]) {
        let [name, _] = names;
        let object = json!({
            "name": name,
            "username": name,
            "kind": "user",
            "client_id": name,
            "members": [],
            "messages": names.map(|uuid| json!({
                "uuid": uuid,
                "content": "",
                "media_type": "text/plain",
                "severity": "info",
            })),
            "logins": names.map(|service| json!({"service": service})),
            "fields": names.map(|uuid| json!({"uuid": uuid, "title": "", "value": ""})),
        });
        let found = ServerAction::Send(response(200, "application/json", object.to_string()));
        self.server.set_actions([found]);
    }

    /// Returns the request that a call sent, or `None` if the call was refused before anything was
    /// sent. For a call that reads before it writes, it is the request that writes.
    /// Everything else is a failure.
    async fn sent<T>(
        &self,
        call: impl Future<Output = Result<T>>,
    ) -> std::result::Result<Option<Request>, String> {
        let outcome = call.await;
        let mut requests = self.server.take_requests();
        let is_write = |request: &Request| request.method != "GET";
        if requests.iter().filter(|r| is_write(r)).count() == 1 {
            requests.retain(is_write);
            return Ok(requests.pop());
        }
        match (&outcome, requests.len()) {
            (Err(error), 0) if error.kind() == ErrorKind::InvalidInput => Ok(None),
            (Err(error), 0) => Err(format!(
                "it was not sent, for another reason than its string: {error}"
            )),
            // The read before the write had no string in its path; the write has it, and is too
            // long.
            (Err(error), 1) if error.kind() == ErrorKind::InvalidInput => Ok(None),
            (Err(error), 1) if error.kind() != ErrorKind::InvalidResponse => {
                Err(format!("sent, and then: {error}"))
            }
            (_, 1) => Ok(requests.pop()),
            (Ok(_), 0) => Err("it succeeded without being sent".to_owned()),
            (Err(error), 2)
                if error.kind() == ErrorKind::InvalidResponse && requests[1].method == "GET" =>
            {
                Ok(Some(requests.swap_remove(0)))
            }
            (_, n) => Err(format!("{n} requests were sent: {requests:?}")),
        }
    }
}

/// Checks strings until one fails.
fn for_any_string(cases: u32, check: impl AsyncFn(&Wire, &str) -> Check) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let wire = runtime.block_on(Wire::new());
    let requested = std::env::var("PROPERTY_CASES")
        .ok()
        .map(|n| n.parse().expect("PROPERTY_CASES is a number"));
    let config = Config {
        cases: requested.unwrap_or(cases),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&any_string(), |text| {
        runtime
            .block_on(check(&wire, &text))
            .map_err(TestCaseError::fail)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Returns true if a target has only characters that RFC 3986 allows in a path and a query.
fn is_clean(target: &str) -> bool {
    let bytes = target.as_bytes();
    bytes.iter().enumerate().all(|(i, byte)| match byte {
        b'%' => bytes
            .get(i + 1..i + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(byte),
    })
}
