//! Error responses with any status, headers and body.

use super::generate::string;
use super::mutation::{Mutation, mutation};
use super::responses::Corpus;
use super::{Finding, check_error};
use crate::Error;
use crate::http::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

const CONTENT_TYPES: &[&str] = &[
    "application/json",
    "text/html",
    "text/html; charset=utf-8",
    "text/plain",
    "application/octet-stream",
    "",
];

/// Pieces of error pages.
const PAGES: &[&str] = &[
    "<!DOCTYPE html><html><head><title>",
    "</title>",
    "<html>",
    "<title>",
    "502 Bad Gateway",
    "Unauthorized",
    "\n",
    "é",
    "\u{1b}[31m",
];

#[derive(Debug, Clone)]
pub struct Input {
    recording: Index,
    /// The status; without one, that of the recording.
    status: Option<u16>,
    content_type: &'static str,
    retry_after: String,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Bytes(Vec<u8>),
    Mutated(Mutation),
}

pub fn input() -> impl Strategy<Value = Input> {
    let page = vec(select(PAGES), 0..12).prop_map(|pieces| pieces.concat().into_bytes());
    let body = prop_oneof![
        1 => vec(any::<u8>(), 0..300).prop_map(Body::Bytes),
        1 => page.prop_map(Body::Bytes),
        1 => string().prop_map(|text| Body::Bytes(text.into_bytes())),
        5 => mutation().prop_map(Body::Mutated),
    ];
    let status = proptest::option::of(100..1000_u16);
    (
        any::<Index>(),
        status,
        select(CONTENT_TYPES),
        string(),
        body,
    )
        .prop_map(
            |(recording, status, content_type, retry_after, body)| Input {
                recording,
                status,
                content_type,
                retry_after,
                body,
            },
        )
}

pub fn check(input: Input, corpus: &Corpus) -> Finding {
    let recorded = input.recording.get(&corpus.errors);
    let body = match input.body {
        Body::Bytes(bytes) => bytes,
        Body::Mutated(mutation) => {
            mutation.apply(recorded.response_body.as_ref().unwrap_or(&Value::Null))
        }
    };
    let status = input.status.unwrap_or(recorded.status);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(input.content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Ok(value) = HeaderValue::from_str(&input.retry_after) {
        headers.insert(header::RETRY_AFTER, value);
    }
    let Ok(status) = StatusCode::from_u16(status) else {
        return Err(format!("{status} is no status"));
    };
    let error = Error::from_response(Response {
        status,
        headers,
        body: Bytes::from(body),
    });
    check_error(&error)?;
    match error.status() == Some(status.as_u16()) {
        true => Ok("error response"),
        false => Err(format!("the status {status} became {:?}", error.status())),
    }
}
