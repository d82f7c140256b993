//! The object that an error names.

use quay_api::testing::{Response, Sandbox};
use quay_api::{Error, ErrorKind, Quay, Result};
use serde_json::json;

async fn error_of<T>(
    sandbox: &Sandbox,
    response: &Response,
    call: impl IntoFuture<Output = Result<T>>,
) -> Error {
    sandbox.respond_next(response.clone());
    match call.await {
        Ok(_) => panic!("an error response became a success"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn error_names_the_resource_of_the_call() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay().with(|call| call.no_retries());
    let (acme, web) = (quay.organization("acme")?, quay.repository("acme/web")?);
    let digest = format!("sha256:{}", "0a".repeat(32));
    let gone = Response::json(404, &json!({"title": "not_found", "detail": "Not Found"}));
    let error = error_of(&sandbox, &gone, web.tag("v1")?.delete()).await;
    assert_eq!(
        error.to_string(),
        "deleteFullTag acme/web:v1: 404: Not Found"
    );
    assert_eq!(
        error.path_parameters().collect::<Vec<_>>(),
        [("repository", "acme/web"), ("tag", "v1")]
    );
    let nested = quay.repository("acme/team/a/web")?;
    let manifest = web.manifest(&digest)?;
    let errors = [
        error_of(&sandbox, &gone, nested.get()).await,
        error_of(&sandbox, &gone, manifest.get()).await,
        error_of(&sandbox, &gone, acme.get()).await,
        error_of(&sandbox, &gone, acme.team("owners")?.delete()).await,
        error_of(
            &sandbox,
            &gone,
            acme.team("owners")?.member("acme+ci")?.delete(),
        )
        .await,
        error_of(&sandbox, &gone, acme.robot("ci")?.get()).await,
        error_of(&sandbox, &gone, quay.me().robot("ci")?.get()).await,
        error_of(&sandbox, &gone, web.user_permission("carol")?.delete()).await,
        error_of(&sandbox, &gone, quay.superuser().user("carol")?.get()).await,
        error_of(&sandbox, &gone, quay.me().get()).await,
    ]
    .map(|error| error.to_string().replace(": 404: Not Found", ""));
    assert_eq!(
        errors,
        [
            "getRepo acme/team/a/web: 404: there is no repository acme/team/a/web".to_owned(),
            format!("getRepoManifest acme/web@{digest}"),
            "getOrganization acme: 404: there is no organization acme".to_owned(),
            "deleteOrganizationTeam acme/owners".to_owned(),
            "deleteOrganizationTeamMember acme/owners/acme+ci".to_owned(),
            "getOrgRobot acme+ci".to_owned(),
            "getUserRobot ci".to_owned(),
            "deleteUserPermissions acme/web carol".to_owned(),
            "getInstallUser carol: 404: there is no user carol".to_owned(),
            "getLoggedInUser".to_owned(),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn error_below_a_path_prefix_names_the_same_resource() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let prefixed = format!("{}/registry/quay/", sandbox.quay().base_url());
    let quay = Quay::builder().base_url(prefixed).no_retries().build()?;
    let gone = Response::json(404, &json!({"title": "not_found", "detail": "Not Found"}));
    let error = error_of(
        &sandbox,
        &gone,
        quay.repository("acme/a/web")?.tag("v1")?.delete(),
    )
    .await;
    assert_eq!(
        error.to_string(),
        "deleteFullTag acme/a/web:v1: 404: Not Found"
    );
    Ok(())
}

#[tokio::test]
async fn the_code_of_an_invitation_is_not_shown() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay().with(|call| call.no_retries());
    let gone = Response::json(404, &json!({"title": "not_found", "detail": "Not Found"}));
    let me = quay.me();
    for error in [
        error_of(&sandbox, &gone, me.accept_team_invite("hunter2hunter2")).await,
        error_of(&sandbox, &gone, me.decline_team_invite("hunter2hunter2")).await,
    ] {
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
        assert_eq!(error.path_parameters().count(), 0);
        assert!(error.operation().is_some());
    }
    Ok(())
}

#[tokio::test]
async fn error_shows_the_status_once() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay().with(|call| call.no_retries());
    let page = |status: u16, title: &str| {
        let page = format!("<html><head><title>{title}</title></head></html>");
        Response::text(status, "text/html", page)
    };
    for (status, title, expected) in [
        (
            429,
            "429 Too Many Requests",
            "getLoggedInUser: 429: Too Many Requests",
        ),
        (502, "502 Bad Gateway", "getLoggedInUser: 502: Bad Gateway"),
        (504, "504", "getLoggedInUser: 504: gateway timeout"),
        (
            500,
            "HTTP Status 500 – Internal Error",
            "getLoggedInUser: 500: Internal Error",
        ),
        (503, "", "getLoggedInUser: 503: service unavailable"),
    ] {
        let error = error_of(&sandbox, &page(status, title), quay.me().get()).await;
        assert_eq!(error.to_string(), expected);
    }
    let error = error_of(
        &sandbox,
        &page(405, "405 Method Not Allowed"),
        quay.me().get(),
    )
    .await;
    assert!(
        error
            .to_string()
            .starts_with("getLoggedInUser: 405: Method Not Allowed ("),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn error_of_an_anonymous_client_names_no_token() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let anonymous = Quay::anonymous(sandbox.quay().base_url())?;
    // The response of a server for a repository that is missing or private.
    let refused = Response::json(
        401,
        &json!({"title": "invalid_token", "detail": "Requires authentication"}),
    );
    let web = anonymous.repository("acme/web")?;
    for error in [
        error_of(&sandbox, &refused, web.get_opt()).await,
        error_of(&sandbox, &refused, web.tags().list()).await,
    ] {
        assert!(
            error.to_string().ends_with(
                "acme/web: 401: Requires authentication (it does not exist or is not public: \
                 the client is anonymous)"
            ),
            "{error}"
        );
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
    let error = error_of(&sandbox, &refused, web.set_description("text")).await;
    assert!(
        error
            .to_string()
            .ends_with("(the client is anonymous, and can only read what is public)"),
        "{error}"
    );
    let error = error_of(
        &sandbox,
        &refused,
        sandbox.quay().repository("acme/web")?.get(),
    )
    .await;
    assert!(
        error.to_string().contains("the token is missing, wrong"),
        "{error}"
    );
    Ok(())
}
