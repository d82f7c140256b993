//! Mutated recordings, into the types of their operations.

use super::{Finding, check_error, mutate};
use crate::testing::Exchange;
use crate::tests::conformance::{Case, Failure, Outcome, successes};
use bytes::Bytes;
use fastrand::Rng;
use serde_json::Value;

/// The recorded answers.
pub struct Corpus {
    pub successes: Vec<Exchange>,
    pub refusals: Vec<Exchange>,
}

impl Corpus {
    pub fn load() -> Self {
        let all = Exchange::COMMITTED
            .lines()
            .filter_map(|line| serde_json::from_str::<Exchange>(line).ok());
        Self {
            successes: successes(),
            refusals: all.filter(|e| e.status >= 400).collect(),
        }
    }

    pub fn try_one(&self, rng: &mut Rng) -> Finding {
        let exchange = &self.successes[rng.usize(..self.successes.len())];
        let id = exchange.operation_id.as_deref().unwrap_or_default();
        let body = mutate::document(rng, exchange.response_body.as_ref().unwrap_or(&Value::Null));
        match Case::decode(exchange, id, Bytes::from(body)) {
            Ok(Outcome(Ok(_), _)) => Ok("read"),
            Ok(Outcome(Err(error), shown)) => {
                check_error(&error).map_err(|e| format!("{id}: {e}"))?;
                match shown.contains("hunter2") || error.to_string().contains("hunter2") {
                    true => Err(format!("{id}: a text of the answer is in {error}")),
                    false => Ok("does not fit"),
                }
            }
            // What a recorded request can't be said with was counted by the conformance test.
            Err(Failure::Inexpressible(_)) => Ok("inexpressible"),
            Err(Failure::Wrong(reason)) => Err(format!("{id}: {reason}")),
        }
    }
}
