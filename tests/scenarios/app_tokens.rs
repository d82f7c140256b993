//! Tokens of the caller's for programs that talk to the registry.

use crate::context::{ALL_BUT_SUPERUSER, refused, scenario};
use quay_api::ErrorKind;

#[tokio::test]
async fn a_token_for_a_program_is_made_seen_and_revoked() {
    scenario(async |context| {
        let theirs = context
            .acting_as(&context.person("person").await?, ALL_BUT_SUPERUSER)
            .await?;
        let tokens = theirs.me().app_tokens();
        assert_eq!(tokens.list().await?, []);
        let made = tokens.create("laptop").await?;
        assert_eq!((made.title.as_str(), made.last_accessed), ("laptop", None));
        assert!(made.token_code.is_some());
        let seen = tokens.get(&made.uuid).await?;
        assert_eq!(
            (&seen.title, &seen.token_code),
            (&made.title, &made.token_code),
            "the secret can be read again"
        );
        let listed = tokens.list().await?;
        assert_eq!(
            listed
                .iter()
                .map(|t| (&t.uuid, t.token_code.is_some()))
                .collect::<Vec<_>>(),
            [(&made.uuid, false)]
        );
        assert!(
            context
                .quay()
                .superuser()
                .app_tokens()
                .await?
                .iter()
                .any(|t| t.uuid == made.uuid)
        );

        let stranger = context
            .acting_as(&context.person("stranger").await?, ALL_BUT_SUPERUSER)
            .await?;
        refused(
            stranger.me().app_tokens().get(&made.uuid).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        tokens.revoke(&made.uuid).await?;
        refused(
            tokens.get(&made.uuid).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            tokens.revoke(&made.uuid).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!tokens.revoke_if_exists(&made.uuid).await?);
        assert_eq!(tokens.list().await?, []);
        Ok(())
    })
    .await;
}
