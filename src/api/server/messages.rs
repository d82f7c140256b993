//! Messages that all users see.

use crate::api::shared::{missing, outcome, path_segment};
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateMessage, Message, NewMessage};
use crate::{Quay, Result};

/// Messages that the server's pages show to everybody: [`Quay::messages`].
#[derive(Debug, Clone)]
pub struct MessagesHandle {
    pub(crate) quay: Quay,
}

impl MessagesHandle {
    /// Lists the messages.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/messages`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let messages = quay.messages().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Message>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().get_global_messages(),
            |response| response.messages,
        )
    }

    /// Creates a message.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/messages`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{MessageMediaType, MessageSeverity, NewMessage};
    ///
    /// let message = NewMessage::new(
    ///     "Down on Sunday",
    ///     MessageMediaType::TextPlain,
    ///     MessageSeverity::Warning,
    /// );
    /// quay.messages().create(message).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, message: NewMessage) -> Result<()> {
        let body = CreateMessage::new().message(message);
        self.quay
            .send(self.quay.api().create_global_message(&body))
            .await
    }

    /// Deletes a message.
    ///
    /// The messages are listed first, since the server acknowledges the deletion of one that does not
    /// exist.
    ///
    /// Scope: `super:user`. Endpoints: `GET /api/v1/messages`, `DELETE /api/v1/message/{uuid}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is no
    /// such message.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.messages().delete("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        match self.delete_if_exists(id).await? {
            true => Ok(()),
            false => Err(missing("a message with this identifier")),
        }
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It
    /// reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.messages().delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        let id = path_segment("message identifier", id.as_ref())?;
        if !self
            .list()
            .await?
            .iter()
            .any(|message| *message.uuid == *id)
        {
            return Ok(false);
        }
        let request = self.quay.api().delete_global_message(&id);
        outcome::deleted(self.quay.send(request).await)
    }
}
