//! App tokens of the caller, with which programs log in to the registry.

use crate::context::{ALL_BUT_SUPERUSER, assert_error, scenario};
use quay_api::ErrorKind;

#[tokio::test]
async fn creates_reads_and_revokes_an_app_token() {
    scenario(async |context| {
        let theirs = context
            .acting_as(&context.user("person").await?, ALL_BUT_SUPERUSER)
            .await?;
        let me = theirs.me();
        let tokens = me.app_tokens();
        assert_eq!(tokens.list().await?, []);
        let created = tokens.create("laptop").await?;
        assert_eq!(
            (created.title.as_str(), created.last_accessed),
            ("laptop", None)
        );
        assert!(created.token_code.is_some());
        let seen = me.app_token(&created.uuid)?.get().await?;
        assert_eq!(
            (&seen.title, &seen.token_code),
            (&created.title, &created.token_code),
            "the secret can be read again"
        );
        let listed = tokens.list().await?;
        assert_eq!(
            listed
                .iter()
                .map(|t| (&t.uuid, t.token_code.is_some()))
                .collect::<Vec<_>>(),
            [(&created.uuid, false)]
        );
        if context.lacks("listAllAppTokens").await?.is_none() {
            let all = context.quay().superuser().app_tokens().list().await?;
            assert!(all.iter().any(|t| t.uuid == created.uuid));
        }

        let stranger = context
            .acting_as(&context.user("stranger").await?, ALL_BUT_SUPERUSER)
            .await?;
        assert_error(
            stranger.me().app_token(&created.uuid)?.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        me.app_token(&created.uuid)?.delete().await?;
        assert_error(
            me.app_token(&created.uuid)?.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            me.app_token(&created.uuid)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!me.app_token(&created.uuid)?.delete_if_exists().await?);
        assert_eq!(tokens.list().await?, []);
        Ok(())
    })
    .await;
}
