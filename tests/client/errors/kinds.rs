//! The kind of every error response.

use super::{error_of, html};
use quay_api::testing::Response;
use quay_api::{ErrorKind, Result};
use serde_json::json;

#[tokio::test]
async fn classifies_every_error_body_and_keeps_status_and_message() -> Result<()> {
    let api = |status: u16, title: &str, text: &str| {
        Response::json(
            status,
            &json!({
                "status": status,
                "title": title,
                "detail": text,
                "error_message": text,
                "error_type": title,
                "type": "https://quay/error",
            }),
        )
    };
    let message = |status: u16, text: &str| Response::json(status, &json!({"message": text}));
    let disguised = |status: u16, body: serde_json::Value| {
        Response::text(status, "text/html; charset=utf-8", body.to_string())
    };
    for (response, kind, text) in [
        (
            api(401, "invalid_token", "Requires authentication"),
            ErrorKind::Unauthenticated,
            "Requires authentication",
        ),
        (
            api(401, "expired_token", "Expired"),
            ErrorKind::Unauthenticated,
            "Expired",
        ),
        (
            api(403, "insufficient_scope", "Unauthorized"),
            ErrorKind::InsufficientScope,
            "Unauthorized",
        ),
        (
            api(401, "fresh_login_required", "Fresh login"),
            ErrorKind::FreshLoginRequired,
            "Fresh login",
        ),
        (
            api(402, "exceeds_license", "Too many"),
            ErrorKind::QuotaExceeded,
            "Too many",
        ),
        (
            api(404, "not_found", "Not Found"),
            ErrorKind::NotFound,
            "Not Found",
        ),
        (
            api(409, "tag_immutable", "Cannot delete"),
            ErrorKind::TagImmutable,
            "Cannot delete",
        ),
        (
            api(520, "downstream_issue", "Clair"),
            ErrorKind::Downstream,
            "Clair",
        ),
        (
            api(520, "external_service_timeout", "Clair"),
            ErrorKind::Downstream,
            "Clair",
        ),
        (
            api(500, "token_rotation_failed", "No"),
            ErrorKind::Server,
            "No",
        ),
        (
            api(400, "invalid_request", "Repository already exists"),
            ErrorKind::AlreadyExists,
            "Repository already exists",
        ),
        (
            api(400, "invalid_request", "Existing robot with name: acme+ci"),
            ErrorKind::AlreadyExists,
            "Existing robot with name: acme+ci",
        ),
        (
            api(
                400,
                "invalid_request",
                "Existing policy with same values for this namespace, \
             duplicate policies are not permitted",
            ),
            ErrorKind::AlreadyExists,
            "Existing policy with same values for this namespace, \
             duplicate policies are not permitted",
        ),
        (
            api(
                400,
                "invalid_request",
                "User ann is already a member of team devs",
            ),
            ErrorKind::AlreadyExists,
            "User ann is already a member of team devs",
        ),
        (
            api(400, "invalid_request", "Invalid username: nobody"),
            ErrorKind::NotFound,
            "Invalid username: nobody",
        ),
        (
            api(400, "invalid_request", "Invalid Username or Password"),
            ErrorKind::InvalidRequest,
            "Invalid Username or Password",
        ),
        (
            api(400, "invalid_request", "No team devs in organization acme"),
            ErrorKind::NotFound,
            "No team devs in organization acme",
        ),
        (
            api(
                400,
                "invalid_request",
                "Team 'devs' is not a team in org 'acme'",
            ),
            ErrorKind::NotFound,
            "Team 'devs' is not a team in org 'acme'",
        ),
        (
            api(400, "invalid_request", "Invalid repository name"),
            ErrorKind::InvalidRequest,
            "Invalid repository name",
        ),
        (
            message(
                400,
                "Username has already been taken by user cannot be reused: alice",
            ),
            ErrorKind::AlreadyExists,
            "Username has already been taken by user cannot be reused: alice",
        ),
        (
            message(400, "Team does not exist: acme/devs"),
            ErrorKind::NotFound,
            "Team does not exist: acme/devs",
        ),
        (
            api(
                400,
                "invalid_request",
                "No repository notification found for: x, y, z",
            ),
            ErrorKind::NotFound,
            "No repository notification found for: x, y, z",
        ),
        (
            message(400, "Could not find robot with specified username"),
            ErrorKind::NotFound,
            "Could not find robot with specified username",
        ),
        (
            message(400, "User does not have permission for repo."),
            ErrorKind::NotFound,
            "User does not have permission for repo.",
        ),
        (
            message(503, "Repository is in read only or mirror mode: 2"),
            ErrorKind::RepositoryReadOnly,
            "Repository is in read only or mirror mode: 2",
        ),
        (
            Response::json(503, &json!({"message": "Suspended", "is_readonly": true})),
            ErrorKind::ReadOnly,
            "Suspended",
        ),
        (
            message(400, "Robot is being used by a mirror"),
            ErrorKind::Conflict,
            "Robot is being used by a mirror",
        ),
        (
            api(400, "invalid_response", "Unable to locate a build by id: x"),
            ErrorKind::NotFound,
            "Unable to locate a build by id: x",
        ),
        (
            message(400, "Token limit reached: maximum 5"),
            ErrorKind::QuotaExceeded,
            "Token limit reached: maximum 5",
        ),
        (
            message(503, "Cannot contact Stripe"),
            ErrorKind::Downstream,
            "Cannot contact Stripe",
        ),
        (
            message(503, "Something of the server's own"),
            ErrorKind::Server,
            "Something of the server's own",
        ),
        (
            html(408, "Request Timeout"),
            ErrorKind::Unavailable,
            "Request Timeout",
        ),
        (
            message(410, "Gone for good"),
            ErrorKind::Gone,
            "Gone for good",
        ),
        (
            message(429, "Maximum queued build rate exceeded."),
            ErrorKind::RateLimited,
            "Maximum queued build rate exceeded.",
        ),
        (
            message(501, "Not here"),
            ErrorKind::FeatureDisabled,
            "Not here",
        ),
        (
            message(405, "The method is not allowed"),
            ErrorKind::FeatureDisabled,
            "The method is not allowed",
        ),
        (
            Response::json(400, &json!({"message": null})),
            ErrorKind::InvalidRequest,
            "bad request",
        ),
        (
            Response::json(400, &json!({"message": ""})),
            ErrorKind::InvalidRequest,
            "bad request",
        ),
        (
            Response::json(
                409,
                &json!({"detail": "Mirror configuration already exits"}),
            ),
            ErrorKind::AlreadyExists,
            "Mirror configuration already exits",
        ),
        (
            disguised(403, json!({"error": "CSRF token was invalid or missing."})),
            ErrorKind::Unauthenticated,
            "CSRF token was invalid or missing.",
        ),
        (
            disguised(401, json!({"error": "Anonymous access is not allowed"})),
            ErrorKind::Unauthenticated,
            "Anonymous access is not allowed",
        ),
        (
            disguised(400, json!({"error": "XHR only"})),
            ErrorKind::InvalidRequest,
            "XHR only",
        ),
        (
            Response::json(
                403,
                &json!({
                    "invalidCredentials": true,
                    "needsEmailVerification": false,
                    "message": "Invalid Username",
                }),
            ),
            ErrorKind::Forbidden,
            "Invalid Username",
        ),
        (
            Response::json(400, &json!("Organization not valid")),
            ErrorKind::InvalidRequest,
            "Organization not valid",
        ),
        (
            Response::text(429, "text/html", "Too many login attempts").header("retry-after", "0"),
            ErrorKind::RateLimited,
            "Too many login attempts",
        ),
        (html(404, "Quay"), ErrorKind::FeatureDisabled, "not found"),
        (
            html(413, "413 Request Entity Too Large"),
            ErrorKind::InvalidRequest,
            "Request Entity Too Large",
        ),
        (
            html(429, "429 Too Many Requests"),
            ErrorKind::RateLimited,
            "Too Many Requests",
        ),
        (
            html(500, "Internal Server Error"),
            ErrorKind::Server,
            "Internal Server Error",
        ),
        (
            html(502, "Bad Gateway"),
            ErrorKind::Unavailable,
            "Bad Gateway",
        ),
        (
            html(503, "Unavailable"),
            ErrorKind::Unavailable,
            "Unavailable",
        ),
        (html(504, "Timeout"), ErrorKind::Unavailable, "Timeout"),
        (
            Response::text(500, "text/html", ""),
            ErrorKind::Server,
            "internal server error",
        ),
        // JSON that is cut off, or has no known field for a message: anything in it may be a
        // secret.
        (
            Response::text(403, "application/json", "{\"message\": \"hunter2"),
            ErrorKind::Forbidden,
            "forbidden",
        ),
        (
            Response::text(403, "application/json", "[{\"token\": \"hunter2\"}]"),
            ErrorKind::Forbidden,
            "forbidden",
        ),
        (
            Response::text(499, "application/json", "null"),
            ErrorKind::InvalidRequest,
            "null",
        ),
    ] {
        let sent = format!("{response:?}");
        let error = error_of(response.header("x-request-id", "abc")).await?;
        assert_eq!((error.kind(), error.message()), (kind, text), "{sent}");
        assert!(
            error
                .status()
                .is_some_and(|status| sent.contains(&status.to_string())),
            "{sent}"
        );
        assert_eq!(error.header("X-Request-Id"), Some("abc"));
        assert!(error.body().is_some());
        assert_eq!(error.operation().map(|o| o.id()), Some("getRepo"));
        let shown = match text.eq_ignore_ascii_case("not found") && kind == ErrorKind::NotFound {
            true => "there is no repository acme/web",
            false => text,
        };
        assert!(
            error.to_string().starts_with(&format!(
                "getRepo acme/web: {}: {shown}",
                error.status().unwrap_or_default()
            )),
            "{error}"
        );
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    Ok(())
}
