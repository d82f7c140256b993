//! Messages that all users see.

use crate::api::shared::{missing, outcome, path_segment};
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateMessage, Message, NewMessage};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// Messages that the server's pages show to everybody: [`Quay::messages`].
#[derive(Debug, Clone)]
pub struct MessagesHandle {
    pub(crate) quay: Quay,
}

impl MessagesHandle {
    /// Lists the messages.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/messages`. All in one answer.
    /// Operation: `getGlobalMessages`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let messages = quay.messages().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getGlobalMessages")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Message>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().get_global_messages(),
            |response| response.messages,
        )
    }

    /// Creates a message. The server's response does not say which: two messages may have the same
    /// text, so that the listing does not tell either.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/messages`.
    /// Operation: `createGlobalMessage`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller is no superuser, and [`is_invalid_request`](crate::Error::is_invalid_request) for a
    /// message that can't be one.
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
    #[doc(alias = "createGlobalMessage")]
    pub async fn create(&self, message: NewMessage) -> Result<()> {
        let body = CreateMessage::new().message(message);
        self.quay
            .send(self.quay.api().create_global_message(&body))
            .await
    }
}

/// One message that the server's pages show to everybody: [`Quay::message`].
#[derive(Debug, Clone)]
pub struct MessageHandle {
    quay: Quay,
    uuid: Arc<str>,
}

impl MessageHandle {
    /// Makes the handle of one of these messages.
    pub(crate) fn new(messages: MessagesHandle, uuid: &str) -> Result<Self> {
        Ok(Self {
            quay: messages.quay,
            uuid: path_segment("message identifier", uuid)?,
        })
    }

    /// Returns its identifier.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the message, from the listing: the server has no operation for one message.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/messages`.
    /// Operation: `getGlobalMessages`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such message.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let message = quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getGlobalMessages")]
    pub async fn get(&self) -> Result<Message> {
        self.get_opt().await?.ok_or_else(|| self.not_found())
    }

    /// Reads it; `None` if there is no such message.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let found = quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Message>> {
        let messages = MessagesHandle {
            quay: self.quay.clone(),
        };
        let mut listed = messages.list().await?.into_iter();
        Ok(listed.find(|message| *message.uuid == *self.uuid))
    }

    /// Deletes the message.
    ///
    /// The messages are listed first, since the server acknowledges the deletion of one that does
    /// not exist.
    ///
    /// Scope: `super:user`. Endpoints: `GET /api/v1/messages`, `DELETE /api/v1/message/{uuid}`.
    /// Operations: `getGlobalMessages`, `deleteGlobalMessage`. Feature: `FEATURE_SUPER_USERS`
    /// (`/api/v1/message/{uuid}`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such message.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getGlobalMessages")]
    #[doc(alias = "deleteGlobalMessage")]
    pub async fn delete(&self) -> Result<()> {
        match self.delete_if_exists().await? {
            true => Ok(()),
            false => Err(self.not_found()),
        }
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        let request = self.quay.api().delete_global_message(&self.uuid);
        if self.get_opt().await?.is_none() {
            self.quay.check_has(request).await?;
            return Ok(false);
        }
        outcome::deleted(self.quay.send(request).await)
    }

    fn not_found(&self) -> Error {
        missing(&format!("message {}", self.uuid))
    }
}
