//! The responses of the server.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A response of the server.
#[derive(Debug, Clone)]
#[must_use]
pub struct Response {
    pub(in crate::testing) status: u16,
    pub(in crate::testing) headers: Vec<(String, String)>,
    pub(in crate::testing) body: Bytes,
}

impl Response {
    /// Creates a response with a status and a body of JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    /// Creates a response with a status, a content type and a body.
    pub fn text(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self {
            status,
            headers,
            body: Bytes::from(body.into()),
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns a success with a body.
    pub(in crate::testing) fn ok(body: Value) -> Self {
        Self::json(200, &body)
    }

    /// Returns a success with the body of a new object.
    pub(in crate::testing) fn created(body: Value) -> Self {
        Self::json(201, &body)
    }

    /// Returns a response without a body and a content type.
    pub(in crate::testing) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Returns a success without a body.
    pub(in crate::testing) fn no_content() -> Self {
        Self::text(204, "application/json", "")
    }

    /// Converts it for hyper; with `cut`, the header has the length of the whole body and half of
    /// it is sent.
    pub(in crate::testing) fn into_response(self, cut: bool) -> http::Response<Payload> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let sent = if cut {
            self.body.slice(..self.body.len() / 2)
        } else {
            self.body.clone()
        };
        if cut {
            response = response.header("content-length", self.body.len());
        }
        response
            .body(Payload {
                data: Some(sent),
                cut,
            })
            .unwrap_or_else(|_| {
                let text = "the response of the test can't be sent";
                let mut response = http::Response::new(Payload {
                    data: Some(Bytes::from(text)),
                    cut: false,
                });
                *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
                response
            })
    }
}

/// A body that may break off.
pub(in crate::testing) struct Payload {
    data: Option<Bytes>,
    cut: bool,
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.data.take() {
            Some(data) if !data.is_empty() => Poll::Ready(Some(Ok(Frame::data(data)))),
            _ if self.cut => {
                Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
            }
            _ => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        !self.cut && self.data.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.data {
            Some(data) if !self.cut => SizeHint::with_exact(data.len() as u64),
            None if !self.cut => SizeHint::with_exact(0),
            _ => SizeHint::default(),
        }
    }
}
