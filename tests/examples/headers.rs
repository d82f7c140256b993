//! The first comment and the help of each example, which have the same form everywhere.

use super::{Result, folder, run};
use std::fs;
use std::path::Path;

fn sources() -> Result<Vec<(String, String)>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().ok_or("no name")?.to_string_lossy();
            sources.push((name.into_owned(), fs::read_to_string(&path)?));
        }
    }
    assert!(!sources.is_empty());
    Ok(sources)
}

#[test]
fn headers_state_command_requirements_output_and_exit_codes() -> Result {
    for (name, source) in sources()? {
        let header = source.lines().take_while(|line| line.starts_with("//!"));
        let header = header.collect::<Vec<_>>().join("\n");
        let command = format!("cargo run --example {name}");
        for part in ["Requires: ", "Prints: ", "Exit codes: 0 ", &command] {
            assert!(header.contains(part), "{name}: no {part:?} in\n{header}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn help_fits_in_80_columns() -> Result {
    let folder = folder("help_width")?;
    let commands = [("oauth", "url"), ("oauth", "token"), ("team_sync", "ldap")];
    let mut runs: Vec<(String, Vec<&str>)> = commands
        .iter()
        .map(|(name, command)| (String::from(*name), vec![*command, "--help"]))
        .collect();
    runs.extend(
        sources()?
            .into_iter()
            .map(|(name, _)| (name, vec!["--help"])),
    );
    for (name, arguments) in runs {
        let help = run(&name, &arguments, &folder).await?;
        for line in help.ends_with(0).out.lines() {
            assert!(line.chars().count() <= 80, "{name} {arguments:?}: {line}");
        }
    }
    Ok(())
}
