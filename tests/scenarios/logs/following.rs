//! Following a log: new entries only, in the order in which they were made.

use super::kinds;
use crate::context::scenario;
use quay_api::types::LogEntry;
use quay_api::{Error, LogMark};

#[tokio::test]
async fn follows_a_log_from_a_mark() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let mut logs = [
            (repository.logs(), None),
            (organization.logs(), None),
            (context.quay().superuser().logs(), None),
        ];
        for (logs, mark) in &mut logs {
            let new = logs.follow(None).await?;
            assert!(new.entries.is_empty(), "{:?}", kinds(&new.entries));
            *mark = Some(new.mark);
        }
        // More than a page, many of them of one second.
        let texts: Vec<String> = (0..23).map(|number| format!("text {number}")).collect();
        for text in &texts {
            repository.set_description(text.as_str()).await?;
        }
        for (logs, mark) in &mut logs {
            // Others use the server at the same time.
            let of_repository = |entry: &LogEntry| {
                let metadata = &entry.metadata;
                metadata.namespace() == Some(repository.name().namespace())
                    && metadata.repo() == Some(repository.name().name())
                    && entry.kind.as_str() == "set_repo_description"
            };
            let new = logs.follow(mark.take()).await?;
            let followed: Vec<_> = new
                .entries
                .iter()
                .filter(|entry| of_repository(entry))
                .map(|entry| entry.metadata.description().unwrap_or_default())
                .collect();
            assert_eq!(followed, texts);
            let text = new.mark.to_string();
            let mark = text.parse::<LogMark>().map_err(Error::from)?;
            let again = logs.follow(Some(mark)).await?;
            assert!(!again.entries.iter().any(of_repository));
        }
        Ok(())
    })
    .await;
}
