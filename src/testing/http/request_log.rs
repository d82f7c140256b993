//! The requests that the server received, as many as fit.

use crate::testing::RecordedRequest;
use serde_json::Value;
use std::collections::VecDeque;

/// The newest requests, up to a maximum number and a maximum total size in bytes.
#[derive(Debug, Default)]
pub struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
}

impl RequestLog {
    pub const MAX_REQUESTS: usize = 10_000;
    pub const MAX_BYTES: usize = 64 * 1024 * 1024;

    /// Adds a request, and drops the oldest ones if there are too many.
    ///
    /// The newest request is kept, whatever its size.
    pub fn push(&mut self, request: RecordedRequest) {
        self.bytes += size_of_request(&request);
        self.requests.push_back(request);
        while self.requests.len() > 1
            && (self.requests.len() > Self::MAX_REQUESTS || self.bytes > Self::MAX_BYTES)
        {
            if let Some(oldest) = self.requests.pop_front() {
                self.bytes -= size_of_request(&oldest);
            }
        }
    }

    /// Removes all requests and returns them.
    pub fn take(&mut self) -> Vec<RecordedRequest> {
        self.bytes = 0;
        std::mem::take(&mut self.requests).into()
    }

    pub fn all(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }
}

/// Returns the memory that a request takes, nearly.
fn size_of_request(request: &RecordedRequest) -> usize {
    let headers = request.headers.iter();
    let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
    let body = request.body.as_ref().map_or(0, size_of_json);
    size_of::<RecordedRequest>() + request.path.len() + headers + request.raw.len() + body
}

/// Returns the memory of a JSON body. A small value takes more than its text: `0` is two bytes of a
/// list, and 32 in memory.
fn size_of_json(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(rows) => rows.iter().map(size_of_json).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| 2 * size_of::<String>() + name.len() + size_of_json(value))
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn request(path: &str, body: Bytes) -> RecordedRequest {
        let (parts, ()) = http::Request::builder()
            .uri(path)
            .body(())
            .unwrap_or_default()
            .into_parts();
        RecordedRequest::new(&parts, body)
    }

    #[test]
    fn the_oldest_requests_make_room() {
        let mut log = RequestLog::default();
        for number in 0..RequestLog::MAX_REQUESTS + 10 {
            log.push(request(&format!("/{number}"), Bytes::new()));
        }
        let all = log.all();
        assert_eq!(all.len(), RequestLog::MAX_REQUESTS);
        assert_eq!(all[0].path, "/10");
    }

    #[test]
    fn large_bodies_are_counted_as_parsed() {
        let mut log = RequestLog::default();
        let zeros = Bytes::from(format!("[{}0]", "0,".repeat(500_000)));
        for number in 0..20 {
            log.push(request(&format!("/{number}"), zeros.clone()));
        }
        assert_eq!(log.all().len(), 3);
        log.push(request(
            "/large",
            Bytes::from(vec![b' '; 2 * RequestLog::MAX_BYTES]),
        ));
        let kept: Vec<String> = log.all().into_iter().map(|r| r.path).collect();
        assert_eq!(kept, ["/large"]);
        log.push(request("/last", Bytes::new()));
        assert_eq!(log.all()[0].path, "/last");
    }
}
