//! Requests that the crate would not send, and responses without the interpretation of the crate.

use super::TestContext;
use quay_api::Result;
use serde_json::Value;
use std::fmt::Debug;

impl TestContext {
    /// Sends a request without the checks of the crate, and returns the response of the server.
    /// Returns the body, or `None` if it is empty.
    pub async fn raw(
        &self,
        method: &str,
        path: impl AsRef<str>,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<Option<Value>> {
        let path = format!("/api/v1{}", path.as_ref());
        let mut request = self.quay().request(method, path)?.idempotent(false);
        for (name, value) in query {
            request = request.query(*name, *value);
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let bytes = request.send_bytes().await?;
        Ok((!bytes.is_empty()).then(|| {
            serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into())
        }))
    }

    pub async fn get(&self, path: impl AsRef<str>) -> Result<Option<Value>> {
        self.raw("GET", path, &[], None).await
    }

    pub async fn post(&self, path: impl AsRef<str>, body: Value) -> Result<Option<Value>> {
        self.raw("POST", path, &[], Some(body)).await
    }

    pub async fn put(&self, path: impl AsRef<str>, body: Value) -> Result<Option<Value>> {
        self.raw("PUT", path, &[], Some(body)).await
    }

    pub async fn delete(&self, path: impl AsRef<str>) -> Result<Option<Value>> {
        self.raw("DELETE", path, &[], None).await
    }
}

/// Checks the status of an error response and a part of its body, as the server sent them.
#[track_caller]
pub fn assert_status<T: Debug>(result: Result<T>, status: u16, text: &str) {
    let error = result.expect_err("an error response");
    let body = error.body().map(|body| String::from_utf8_lossy(body));
    let body = body.unwrap_or_default();
    assert!(
        error.status() == Some(status) && body.contains(text),
        "expected {status}, {text:?}; got {:?}, {:?}",
        error.status(),
        body.chars().take(500).collect::<String>()
    );
}
