//! Refusals with any status, headers and body.

use super::responses::Corpus;
use super::{Finding, check_error, mutate};
use crate::Error;
use crate::http::Response;
use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

const TYPES: &[&str] = &[
    "application/json",
    "text/html",
    "text/html; charset=utf-8",
    "text/plain",
    "application/octet-stream",
    "",
];

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

pub fn try_one(rng: &mut Rng, corpus: &Corpus) -> Finding {
    let recorded = &corpus.refusals[rng.usize(..corpus.refusals.len())];
    let body = match rng.u8(..8) {
        0 => (0..rng.usize(..300)).map(|_| rng.u8(..)).collect(),
        1 => (0..rng.usize(..12))
            .map(|_| PAGES[rng.usize(..PAGES.len())])
            .collect::<String>()
            .into_bytes(),
        2 => mutate::text(rng).into_bytes(),
        _ => mutate::document(rng, recorded.response_body.as_ref().unwrap_or(&Value::Null)),
    };
    let status = if rng.bool() {
        recorded.status
    } else {
        rng.u16(100..1000)
    };
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(TYPES[rng.usize(..TYPES.len())]) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Ok(value) = HeaderValue::from_str(&mutate::text(rng)) {
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
        true => Ok("refusal"),
        false => Err(format!("the status {status} became {:?}", error.status())),
    }
}
