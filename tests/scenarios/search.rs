//! Search by name and by prefix.

use crate::context::scenario;
use quay_api::types::{CreateRobot, CreateTeam, PrincipalKind, SearchKind, TeamRole};

#[tokio::test]
async fn finds_everything_by_name() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        context
            .repository(&organization, &context.name("needle"))
            .await?;
        context.user("needle").await?;
        let found = context
            .quay()
            .search()
            .everything(context.name("needle"))
            .await?;
        let told: Vec<_> = found
            .iter()
            .map(|r| (r.kind.as_str(), r.name.clone()))
            .collect();
        assert_eq!(
            told,
            [("repository", context.name("needle"))],
            "a user without a readable repository is not found"
        );
        let repository = found
            .iter()
            .find(|r| r.kind == SearchKind::Repository)
            .expect("the repository");
        assert_eq!(
            repository.namespace.as_ref().map(|n| n.name.as_str()),
            Some(organization.name())
        );
        assert_eq!(repository.is_public, Some(false));
        assert_eq!(context.quay().search().everything("").await?, []);
        let public = context
            .anonymous()?
            .search()
            .everything(context.name("needle"))
            .await?;
        assert!(
            public.iter().all(|r| r.kind != SearchKind::Repository),
            "a private repository is found only by users who can read it"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn finds_organizations_teams_and_robots() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let (crew, empty) = (
            organization.team(context.name("crew"))?,
            organization.team(context.name("empty"))?,
        );
        for team in [&crew, &empty] {
            let request = CreateTeam::new(TeamRole::Member);
            organization.teams().create(team.name(), request).await?;
        }
        crew.members()
            .create(&context.user("person").await?.name)
            .await?;
        organization
            .robots()
            .create(format!("bot{}", context.suffix()), CreateRobot::new())
            .await?;
        let found = async |query: String| -> quay_api::Result<Vec<(String, String)>> {
            Ok(context
                .quay()
                .search()
                .everything(query)
                .await?
                .into_iter()
                .map(|r| (r.kind.as_str().to_owned(), r.name))
                .collect())
        };
        assert_eq!(
            found(context.name("crew")).await?,
            [("team".to_owned(), context.name("crew"))]
        );
        assert_eq!(
            found(context.name("empty")).await?,
            [],
            "a team without a member is not found"
        );
        let robots = found(format!("bot{}", context.suffix())).await?;
        assert_eq!(
            robots,
            [(
                "robot".to_owned(),
                format!("{}+bot{}", organization.name(), context.suffix())
            )]
        );
        let itself = ("organization".to_owned(), organization.name().to_owned());
        assert!(
            !found(organization.name().to_owned())
                .await?
                .contains(&itself),
            "an organization without a repository is not found"
        );
        context.repository(&organization, "app").await?;
        assert!(
            found(organization.name().to_owned())
                .await?
                .contains(&itself)
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn finds_entities_by_prefix() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let user = context.user("person").await?;
        organization
            .teams()
            .create("persons", CreateTeam::new(TeamRole::Member))
            .await?;
        organization
            .robots()
            .create("person", CreateRobot::new())
            .await?;
        let found = context
            .quay()
            .search()
            .entities(context.name("person"))
            .await?;
        assert_eq!(
            found.iter().map(|e| (&e.name, &e.kind)).collect::<Vec<_>>(),
            [(&user.name, &PrincipalKind::User)]
        );
        assert_eq!(found[0].is_org_member, None, "of which organization?");
        let within = context
            .quay()
            .search()
            .entities(context.name("person"))
            .within(organization.name())
            .await?;
        assert_eq!(
            within
                .iter()
                .map(|e| (&e.name, e.is_org_member))
                .collect::<Vec<_>>(),
            [(&user.name, Some(true))],
            "Quay reports this for all users"
        );
        let teams = context
            .quay()
            .search()
            .entities("persons")
            .within(organization.name())
            .await?;
        assert!(
            teams
                .iter()
                .any(|e| e.name == "persons" && e.kind == PrincipalKind::Team)
        );
        let robot = format!("{}+person", organization.name());
        assert!(teams.iter().all(|e| e.name != robot));
        let robots = context
            .quay()
            .search()
            .entities("person")
            .within(organization.name())
            .await?;
        assert!(
            robots
                .iter()
                .any(|e| e.name == robot && e.is_robot == Some(true)),
            "{robots:?}"
        );
        let itself = context
            .quay()
            .search()
            .entities(organization.name())
            .within(organization.name())
            .await?;
        assert!(
            itself.iter().any(|e| e.kind == PrincipalKind::Org),
            "{itself:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn finds_repositories_page_by_page() {
    scenario(async |context| {
        use futures::TryStreamExt;
        let organization = context.organization("org").await?;
        for number in 0..11 {
            context
                .repository(
                    &organization,
                    &format!("{}-{number:02}", context.name("many")),
                )
                .await?;
        }
        let search = || context.quay().search().repositories(context.name("many"));
        let pages: Vec<_> = search().pages().try_collect().await?;
        assert_eq!(
            pages.iter().map(|p| p.rows().len()).collect::<Vec<_>>(),
            [10, 1]
        );
        let mut names: Vec<_> = search().await?.into_iter().map(|r| r.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 11);
        let used = search().with_usage().first().await?.expect("at least one");
        assert_eq!(
            (used.stars, used.namespace.name.as_str()),
            (Some(0), organization.name())
        );
        assert!(used.popularity.is_some());
        assert_eq!(
            context
                .quay()
                .search()
                .repositories(context.name("none"))
                .await?,
            []
        );
        Ok(())
    })
    .await;
}
