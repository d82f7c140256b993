//! A first look at a Quay server: repositories, tags, robot accounts and the last usage logs of an
//! organization.
//!
//! Without `QUAY_URL` it starts a server in this process, with data to look at. With `QUAY_URL`
//! (and `QUAY_TOKEN`) it asks that one; there it writes nothing unless `--write` is given.
//!
//! ```sh
//! cargo run --example quickstart
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example quickstart -- --organization acme --write
//! ```

use futures::TryStreamExt;
use quay_api::testing::Sandbox;
use quay_api::types::{CreateRepository, Timestamp, Visibility};
use quay_api::{Quay, Result};
use std::process::ExitCode;

const USAGE: &str = "\
quickstart [--organization NAME] [--write]

  --organization NAME  whose repositories, robot accounts and logs are shown; acme unless given
  --write              on a real server, also creates a private repository there,
                       and deletes it again

Environment: QUAY_URL, QUAY_TOKEN and the other variables of Quay::from_env;
without QUAY_URL an embedded server is used.";

struct Options {
    organization: String,
    write: bool,
}

fn options() -> std::result::Result<Options, String> {
    let mut options = Options {
        organization: "acme".to_owned(),
        write: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--organization" => {
                options.organization = arguments.next().ok_or("--organization wants a name")?
            }
            "--write" => options.write = true,
            "--help" | "-h" => return Err(String::new()),
            other => return Err(format!("{other} is no option of this example")),
        }
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(reason) if reason.is_empty() => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(reason) => {
            eprintln!("{reason}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    // The embedded server lives as long as this variable.
    let embedded = match std::env::var_os("QUAY_URL").or_else(|| std::env::var_os("QUAY_HOST")) {
        Some(_) => None,
        None => Some(Sandbox::demo().await?),
    };
    let quay = match &embedded {
        Some(sandbox) => sandbox.quay().clone(),
        None => Quay::from_env()?,
    };
    match &embedded {
        Some(_) => println!(
            "QUAY_URL is not set: this is the embedded server, {}\n",
            quay.base_url()
        ),
        None => println!("{}\n", quay.base_url()),
    }

    let organization = options.organization.as_str();
    let newest = show_repositories(&quay, organization).await?;
    if let Some(repository) = newest {
        show_tags(&quay, organization, &repository).await?;
    }
    show_robots(&quay, organization).await?;
    show_logs(&quay, organization).await?;
    match &embedded {
        Some(_) => create_and_delete(&quay, organization, "quickstart").await,
        None if options.write => {
            let name = format!("quickstart-{}", Timestamp::now().unix_seconds());
            create_and_delete(&quay, organization, &name).await
        }
        None => {
            println!(
                "Nothing was written; --write also creates a repository and deletes it again."
            );
            Ok(())
        }
    }
}

/// Shows up to ten repositories, and says which of them has tags worth looking at: the first.
async fn show_repositories(quay: &Quay, organization: &str) -> Result<Option<String>> {
    let mut repositories = quay.repositories().list().namespace(organization).stream();
    let mut rows = Vec::new();
    while let Some(repository) = repositories.try_next().await? {
        let visibility = if repository.is_public {
            "public"
        } else {
            "private"
        };
        let state = repository
            .state
            .map_or_else(String::new, |state| state.to_string());
        rows.push([repository.name, visibility.to_owned(), state]);
        if rows.len() == 10 {
            break;
        }
    }
    let first = rows.first().map(|row| row[0].clone());
    table(
        &format!("Repositories of {organization}"),
        ["name", "visibility", "state"],
        rows,
    );
    Ok(first)
}

async fn show_tags(quay: &Quay, organization: &str, repository: &str) -> Result<()> {
    let name = format!("{organization}/{repository}");
    let mut tags = quay.repository(name.as_str())?.tags().list().stream();
    let mut rows = Vec::new();
    while let Some(tag) = tags.try_next().await? {
        let size = tag
            .size
            .map_or_else(|| "-".to_owned(), |size| size.to_string());
        rows.push([
            tag.name,
            size,
            tag.last_modified
                .map_or_else(String::new, |moment| moment.to_string()),
        ]);
        if rows.len() == 10 {
            break;
        }
    }
    table(
        &format!("Tags of {name}"),
        ["name", "size", "last modified"],
        rows,
    );
    Ok(())
}

async fn show_robots(quay: &Quay, organization: &str) -> Result<()> {
    // Without their tokens.
    let robots = quay.organization(organization)?.robots().list().await?;
    let row = |robot: quay_api::types::RobotAccount| {
        let created = robot
            .created
            .map_or_else(String::new, |moment| moment.to_string());
        [
            robot.name.to_string(),
            created,
            robot.description.unwrap_or_default(),
        ]
    };
    table(
        &format!("Robot accounts of {organization}"),
        ["name", "created", "description"],
        robots.into_iter().map(row).collect(),
    );
    Ok(())
}

async fn show_logs(quay: &Quay, organization: &str) -> Result<()> {
    let mut entries = quay
        .organization(organization)?
        .logs()
        .list()
        .max_pages(1)
        .stream();
    let mut rows = Vec::new();
    while let Some(entry) = entries.try_next().await? {
        let performer = entry
            .performer
            .map_or_else(|| "-".to_owned(), |performer| performer.name);
        rows.push([
            entry.datetime.to_string(),
            entry.kind.to_string(),
            performer,
        ]);
    }
    table(
        &format!("Last usage of {organization}"),
        ["when", "what", "by"],
        rows,
    );
    Ok(())
}

async fn create_and_delete(quay: &Quay, organization: &str, name: &str) -> Result<()> {
    let request = CreateRepository::new(name, Visibility::Private, "").namespace(organization);
    let created = quay.repositories().create(request).await?;
    println!(
        "Created the private repository {}/{}.",
        created.namespace, created.name
    );
    quay.repository(format!("{organization}/{name}"))?
        .delete()
        .await?;
    println!("Deleted it again.");
    Ok(())
}

/// Prints rows under a title, with columns as wide as they need to be.
fn table<const N: usize>(title: &str, head: [&str; N], rows: Vec<[String; N]>) {
    println!("{title}");
    let widths: Vec<usize> = (0..N)
        .map(|i| {
            rows.iter()
                .map(|row| row[i].chars().count())
                .chain([head[i].len()])
                .max()
                .unwrap_or(0)
        })
        .collect();
    let line = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        println!("  {}", padded.join("  ").trim_end());
    };
    line(&head.map(str::to_owned));
    line(
        &widths
            .iter()
            .map(|width| "-".repeat(*width))
            .collect::<Vec<_>>(),
    );
    for row in &rows {
        line(row);
    }
    if rows.is_empty() {
        println!("  (none)");
    }
    println!();
}
