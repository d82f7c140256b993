match id {
    "changeTag" => async move {
        let repository = exchange.path("repository")?;
        let tag = exchange.path("tag")?;
        let body = &exchange.body::<crate::types::ChangeTag>()?;
        let params = generated::params::ChangeTag {
            repository,
            tag,
            body,
        };
        exchange
            .send(|client| client.change_tag(params))
            .await
    }
    .boxed(),
    "deleteFullTag" => async move {
        let repository = exchange.path("repository")?;
        let tag = exchange.path("tag")?;
        let params = generated::params::DeleteFullTag {
            repository,
            tag,
        };
        exchange
            .send(|client| client.delete_full_tag(params))
            .await
    }
    .boxed(),
    "getTagStatistics" => async move {
        exchange
            .send(|client| client.get_tag_statistics())
            .await
    }
    .boxed(),
    "listRepoTags" => async move {
        let repository = exchange.path("repository")?;
        let only_active_tags = exchange.text("onlyActiveTags");
        let limit = exchange.value("limit")?;
        let specific_tag = exchange.text("specificTag");
        let page = exchange.value("page")?;
        let params = generated::params::ListRepoTags {
            repository,
            only_active_tags,
            limit,
            specific_tag,
            page,
        };
        exchange
            .send(|client| client.list_repo_tags(params))
            .await
    }
    .boxed(),
    other => async move { Err(Failure::unknown_operation(other)) }.boxed(),
}
