//! Messages that the web UI shows to all users. They belong to the whole server, so only one
//! scenario changes them at a time.

use crate::context::scenario;
use quay_api::types::{MessageMediaType, MessageSeverity, NewMessage};

#[tokio::test]
async fn creates_a_public_message_and_deletes_it() {
    scenario(async |context| {
        let content = format!("Nothing to see here: {}", context.suffix());
        let body = NewMessage::new(
            &content,
            MessageMediaType::TextMarkdown,
            MessageSeverity::Warning,
        );
        context.quay().messages().create(body).await?;
        let messages = context.anonymous()?.messages().list().await?;
        let message = messages
            .iter()
            .find(|m| m.content == content)
            .expect("all users can read it");
        context.track_message(&message.uuid);
        assert_eq!(
            (&message.media_type, &message.severity),
            (
                &Some(MessageMediaType::TextMarkdown),
                &Some(MessageSeverity::Warning)
            )
        );
        context.quay().message(&message.uuid)?.delete().await?;
        assert!(
            context
                .quay()
                .messages()
                .list()
                .await?
                .iter()
                .all(|m| m.content != content)
        );
        // The server acknowledges it again; the crate reads the messages first.
        let again = context.quay().message(&message.uuid)?.delete().await;
        assert!(again.is_err_and(|e| e.is_not_found()));
        assert!(
            !context
                .quay()
                .message(&message.uuid)?
                .delete_if_exists()
                .await?
        );
        Ok(())
    })
    .await;
}
