//! The run of exchanges against a sandbox, and its counts.

use super::case::{Case, Failure, Outcome};
use crate::testing::{Exchange, RecordedRequest, Sandbox};
use std::fmt;

#[derive(Default)]
pub struct Count {
    /// The server that the exchanges were recorded with.
    server: String,
    pub exchanges: usize,
    requests: usize,
    inexpressible: usize,
    successes: usize,
    lossless: usize,
    errors: usize,
    pub failures: usize,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "conformance: exchanges={} requests={} inexpressible={} successes={} lossless={} \
             refusals={} failures={} server={}",
            self.exchanges,
            self.requests,
            self.inexpressible,
            self.successes,
            self.lossless,
            self.errors,
            self.failures,
            self.server
        )
    }
}

impl Count {
    pub fn new(server: &str) -> Self {
        Self {
            server: server.to_owned(),
            ..Self::default()
        }
    }

    /// Runs an exchange and counts its result.
    pub async fn add(&mut self, sandbox: &Sandbox, exchange: &Exchange, id: &str) {
        self.exchanges += 1;
        let (succeeds, mut notes) = (exchange.status < 300, Vec::new());
        *if succeeds {
            &mut self.successes
        } else {
            &mut self.errors
        } += 1;
        let mut failures = Vec::new();
        match Self::outcome(sandbox, exchange, id).await {
            Err(Failure::Inexpressible(reason)) if exchange.status >= 300 => {
                self.inexpressible += 1;
                notes.push(format!(
                    "an error response to a request that the types cannot express: {reason}"
                ));
            }
            Err(Failure::Inexpressible(reason) | Failure::Wrong(reason)) => failures.push(reason),
            Ok((case, outcome, received)) => {
                match case.check_request(&received, &mut notes) {
                    Ok(()) => self.requests += 1,
                    Err(reason) => failures.push(reason),
                }
                match case.check_outcome(&outcome) {
                    Ok(()) if succeeds => self.lossless += 1,
                    Ok(()) => {}
                    Err(reason) => failures.push(reason),
                }
            }
        }
        for note in notes {
            println!("note: {id}: {} {}: {note}", exchange.method, exchange.path);
        }
        self.failures += usize::from(!failures.is_empty());
        for failure in failures {
            println!(
                "FAILURE: {}: {id}: {} {} {}: {failure}",
                self.server, exchange.method, exchange.path, exchange.status
            );
        }
    }

    /// Runs an exchange and returns its call and the request on the wire.
    pub async fn outcome<'a>(
        sandbox: &'a Sandbox,
        exchange: &'a Exchange,
        id: &str,
    ) -> Result<(Case<'a>, Outcome, RecordedRequest), Failure> {
        // A recorded error response must neither be retried nor looked into.
        let quay = sandbox
            .quay()
            .with(|call| call.no_retries().consult_discovery(false));
        let case = Case::new(quay, exchange, id)?;
        sandbox.respond_next(exchange.response());
        let outcome = case.call().await;
        let received = sandbox.forget();
        let received = received.into_iter().next().ok_or_else(|| match &outcome {
            Ok(Outcome(Err(error), _)) => Failure::Wrong(format!("nothing was sent: {error}")),
            _ => Failure::Wrong("nothing was sent".to_owned()),
        });
        Ok((case, outcome?, received?))
    }
}
