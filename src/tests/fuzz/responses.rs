//! Mutated recordings, decoded into the types of their operations.

use super::mutation::{Mutation, mutation};
use super::{Finding, check_error};
use crate::testing::Exchange;
use crate::tests::conformance::{Case, Failure, Outcome, successes};
use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// A mutation of a recorded success.
#[derive(Debug, Clone)]
pub struct Input {
    recording: Index,
    mutation: Mutation,
}

pub fn input() -> impl Strategy<Value = Input> {
    (any::<Index>(), mutation()).prop_map(|(recording, mutation)| Input {
        recording,
        mutation,
    })
}

/// The recorded responses.
pub struct Corpus {
    successes: Vec<Exchange>,
    pub errors: Vec<Exchange>,
}

impl Corpus {
    pub fn load() -> Self {
        let all = Exchange::COMMITTED
            .lines()
            .filter_map(|line| serde_json::from_str::<Exchange>(line).ok());
        Self {
            successes: successes(),
            errors: all.filter(|e| e.status >= 400).collect(),
        }
    }

    pub fn check(&self, input: Input) -> Finding {
        let exchange = input.recording.get(&self.successes);
        let id = exchange.operation_id.as_deref().unwrap_or_default();
        let recorded = exchange.response_body.as_ref().unwrap_or(&Value::Null);
        let body = input.mutation.apply(recorded);
        match Case::decode(exchange, id, Bytes::from(body)) {
            Ok(Outcome(Ok(_), _)) => Ok("decoded"),
            Ok(Outcome(Err(error), shown)) => {
                check_error(&error).map_err(|e| format!("{id}: {e}"))?;
                match shown.contains("hunter2") || error.to_string().contains("hunter2") {
                    true => Err(format!("{id}: a string of the response is in {error}")),
                    false => Ok("does not fit"),
                }
            }
            // The conformance test counts the recorded requests that no types can express.
            Err(Failure::Inexpressible(_)) => Ok("inexpressible"),
            Err(Failure::Wrong(reason)) => Err(format!("{id}: {reason}")),
        }
    }
}
