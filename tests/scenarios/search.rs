//! Search: who and what begins or is called like this.

use crate::scene::scenario;
use quay_api::types::{CreateRobot, PrincipalKind, SearchKind, TeamRole};

#[tokio::test]
async fn everything_of_a_name_is_found() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        scene.repository(&organization, &scene.name("needle")).await?;
        scene.person("needle").await?;
        let found = scene.quay().search().everything(scene.name("needle")).await?;
        let told: Vec<_> = found.iter().map(|r| (r.kind.as_str(), r.name.clone())).collect();
        assert_eq!(told, [("repository", scene.name("needle"))], "who has no repository that one may see is not found");
        let repository = found.iter().find(|r| r.kind == SearchKind::Repository).expect("the repository");
        assert_eq!(repository.namespace.as_ref().map(|n| n.name.as_str()), Some(organization.name()));
        assert_eq!(repository.is_public, Some(false));
        assert_eq!(scene.quay().search().everything("").await?, []);
        let public = scene.anonymous()?.search().everything(scene.name("needle")).await?;
        assert!(public.iter().all(|r| r.kind != SearchKind::Repository), "a private repository is not found by everybody");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn organizations_teams_and_robots_are_found() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let (crew, empty) = (organization.team(scene.name("crew"))?, organization.team(scene.name("empty"))?);
        crew.create(TeamRole::Member, "").await?;
        crew.members().add(&scene.person("person").await?.name).await?;
        empty.create(TeamRole::Member, "").await?;
        organization.robot(format!("bot{}", scene.suffix()))?.create(CreateRobot::new()).await?;
        let found = async |query: String| -> quay_api::Result<Vec<(String, String)>> {
            Ok(scene.quay().search().everything(query).await?.into_iter().map(|r| (r.kind.as_str().to_owned(), r.name)).collect())
        };
        assert_eq!(found(scene.name("crew")).await?, [("team".to_owned(), scene.name("crew"))]);
        assert_eq!(found(scene.name("empty")).await?, [], "a team without a member is not found");
        let robots = found(format!("bot{}", scene.suffix())).await?;
        assert_eq!(robots, [("robot".to_owned(), format!("{}+bot{}", organization.name(), scene.suffix()))]);
        let itself = ("organization".to_owned(), organization.name().to_owned());
        assert!(!found(organization.name().to_owned()).await?.contains(&itself), "nor is an organization without a repository");
        scene.repository(&organization, "app").await?;
        assert!(found(organization.name().to_owned()).await?.contains(&itself));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn entities_begin_with_a_prefix() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let person = scene.person("person").await?;
        organization.team("persons")?.create(TeamRole::Member, "").await?;
        organization.robot("person")?.create(CreateRobot::new()).await?;
        let found = scene.quay().search().entities(scene.name("person")).await?;
        assert_eq!(found.iter().map(|e| (&e.name, &e.kind)).collect::<Vec<_>>(), [(&person.name, &PrincipalKind::User)]);
        assert_eq!(found[0].is_org_member, None, "of which organization?");
        let within = scene.quay().search().entities(scene.name("person")).within(organization.name()).await?;
        assert_eq!(
            within.iter().map(|e| (&e.name, e.is_org_member)).collect::<Vec<_>>(),
            [(&person.name, Some(true))],
            "Quay says so of everybody"
        );
        let teams = scene.quay().search().entities("persons").within(organization.name()).await?;
        assert!(teams.iter().any(|e| e.name == "persons" && e.kind == PrincipalKind::Team));
        let robot = format!("{}+person", organization.name());
        assert!(teams.iter().all(|e| e.name != robot));
        let robots = scene.quay().search().entities("person").within(organization.name()).await?;
        assert!(robots.iter().any(|e| e.name == robot && e.is_robot == Some(true)), "{robots:?}");
        let itself = scene.quay().search().entities(organization.name()).within(organization.name()).await?;
        assert!(itself.iter().any(|e| e.kind == PrincipalKind::Org), "{itself:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repositories_are_found_page_by_page() {
    scenario(async |scene| {
        use futures::TryStreamExt;
        let organization = scene.organization("org").await?;
        for number in 0..11 {
            scene.repository(&organization, &format!("{}-{number:02}", scene.name("many"))).await?;
        }
        let search = || scene.quay().search().repositories(scene.name("many"));
        let pages: Vec<_> = search().pages().try_collect().await?;
        assert_eq!(pages.iter().map(|p| p.rows().len()).collect::<Vec<_>>(), [10, 1]);
        let mut names: Vec<_> = search().await?.into_iter().map(|r| r.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 11);
        let used = search().with_usage().first().await?.expect("one at least");
        assert_eq!((used.stars, used.namespace.name.as_str()), (Some(0), organization.name()));
        assert!(used.popularity.is_some());
        assert_eq!(scene.quay().search().repositories(scene.name("none")).await?, []);
        Ok(())
    })
    .await;
}
