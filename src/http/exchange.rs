//! One attempt of a call: a request with its redirects, and the response.

use super::call::Call;
use super::redirect::MAX_REDIRECTS;
use super::request_body::{BodyProgress, request_body};
use super::timeouts::{Elapsed, Timeouts};
use super::{Response, Transport, acknowledgement, body, location, redirect, runtime};
use crate::client::defaults::MAX_ERROR_BODY;
use crate::error::{self, Delivery, Error, ErrorKind, Result};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// The longest URL that can be sent, in bytes.
const MAX_URL: usize = u16::MAX as usize - 1;

impl Call<'_> {
    fn expects_body(&self) -> bool {
        self.operation
            .is_none_or(|operation| !operation.has_empty_response())
    }

    /// Sends the request, follows redirects, and reads the response.
    pub(super) async fn exchange(&self, timeouts: &Timeouts<'_>) -> Result<Response> {
        let mut response = self.send(timeouts).await?;
        self.read_response(&mut response, timeouts).await
    }

    /// Sends the request once, and again for each redirect.
    async fn send(&self, timeouts: &Timeouts<'_>) -> Result<reqwest::Response> {
        let Transport { http, base, .. } = self.transport;
        let mut target: Option<Url> = None;
        for _ in 0..=MAX_REDIRECTS {
            let url = target.as_ref().unwrap_or(&self.request.url);
            let (request, progress) = self.build_request(url);
            let timed_out = |Elapsed| {
                Error::new(ErrorKind::Timeout, "the server did not respond in time")
                    .with_delivery(Delivery::Unknown)
            };
            let response = timeouts
                .wait(runtime::guard(http.execute(request)))
                .await
                .map_err(timed_out)??
                .map_err(|error| self.transport_error(error, url, &progress))?;
            if response.url() != url {
                // The method and the effect of the redirected request are unknown.
                return Err(
                    redirect::unexpected_redirect(&response).with_delivery(Delivery::Unknown)
                );
            }
            match redirect::target(response.status(), response.headers(), url, base) {
                Some(next) => target = Some(next),
                None => return Ok(response),
            }
        }
        let last = target.as_ref().unwrap_or(&self.request.url);
        let message = format!(
            "the server sent more than {MAX_REDIRECTS} redirects, the last one to {}",
            location::describe(last, self.authorization.as_ref())
        );
        Err(Error::new(ErrorKind::Redirected, message).with_delivery(Delivery::Responded))
    }

    /// Returns the error of a request without a response.
    ///
    /// If the URL can't be sent, the reason may be a page token of the server.
    fn transport_error(&self, error: reqwest::Error, url: &Url, progress: &BodyProgress) -> Error {
        if error::is_go_away(&error) && progress.was_read() {
            // Once hyper has read the body, it reports GOAWAY for unprocessed requests only. Before
            // that, it reports GOAWAY also for a request whose headers were just sent.
            return Error::from_transport(error).with_delivery(Delivery::NotSent);
        }
        if !error.is_builder() || redirect::can_be_sent(url) {
            return redirect::transport_error(error, url);
        }
        let url = self.request.url.as_str();
        if url.len() <= MAX_URL {
            return Error::from_transport(error);
        }
        // If the URL is short enough without the page token, the token is too long.
        let page_token = self.request.url.query().and_then(|query| {
            query
                .split('&')
                .find(|pair| pair.starts_with("next_page=") && url.len() - pair.len() <= MAX_URL)
        });
        match page_token {
            Some(token) => Error::new(
                ErrorKind::InvalidResponse,
                format!(
                    "the page token of the server has {} bytes, too many for a URL",
                    token.len() - "next_page=".len()
                ),
            ),
            None => Error::invalid_input(format!(
                "the URL of the request must have at most {MAX_URL} bytes, got {}",
                url.len()
            )),
        }
    }

    /// Returns the request to a URL, and the progress of its body.
    fn build_request(&self, url: &Url) -> (reqwest::Request, BodyProgress) {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        const REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");
        const XML_HTTP_REQUEST: HeaderValue = HeaderValue::from_static("XMLHttpRequest");
        let mut request = reqwest::Request::new(self.request.method.clone(), url.clone());
        let mut headers = HeaderMap::with_capacity(6);
        if self.expects_body() {
            headers.insert(header::ACCEPT, JSON);
        }
        if self.request.body.is_some() {
            headers.insert(header::CONTENT_TYPE, JSON);
        }
        let (body, progress) = request_body(self.request.body.clone(), self.idempotency);
        *request.body_mut() = Some(body);
        headers.insert(header::USER_AGENT, self.transport.user_agent.clone());
        // Without this header, the server rejects some user agents as a cross-site request.
        headers.insert(REQUESTED_WITH, XML_HTTP_REQUEST);
        if let Some(authorization) = &self.authorization
            && self.transport.base.is_origin_of(url)
        {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let default_headers = &self.transport.default_headers;
        if !default_headers.is_empty() && self.transport.base.is_origin_of(url) {
            headers.extend(default_headers.clone());
        }
        *request.headers_mut() = headers;
        (request, progress)
    }

    /// Reads a response that is not a redirect to follow.
    async fn read_response(
        &self,
        response: &mut reqwest::Response,
        timeouts: &Timeouts<'_>,
    ) -> Result<Response> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let response_with = |body| Response {
            status,
            headers,
            body,
        };
        if !status.is_success() {
            let (body, _) = body::read_prefix(response, MAX_ERROR_BODY, timeouts).await;
            return Err(self.error_response(response_with(body), response.url()));
        }
        if !self.expects_body() {
            // The body is read to its end, so that the connection can be used again.
            let (body, end) = body::read_prefix(response, MAX_ERROR_BODY, timeouts).await;
            return acknowledgement::check(response_with(body), end);
        }
        match body::read_to_end(response, self.settings.max_response_size, timeouts).await {
            Ok(body) => Ok(response_with(body)),
            Err(reason) => Err(reason.into_error(response_with(Bytes::new()))),
        }
    }

    /// Returns the error of an error response, or of a redirect that is not followed.
    fn error_response(&self, response: Response, url: &Url) -> Error {
        let error = Error::from_response(response);
        if error.kind() != ErrorKind::Redirected {
            return error;
        }
        error.map_response_message(|response| {
            location::refused_redirect(
                response.status,
                &response.headers,
                url,
                &self.transport.base,
                self.authorization.as_ref(),
            )
        })
    }
}
