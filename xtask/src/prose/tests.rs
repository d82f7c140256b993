use super::*;

const RULES: &str = r#"
longest_first_sentence = 60
first_words_not_used = ["What", "How", "Lets"]
verbs = ["Returns", "Lists"]

[[word]]
not = "answer*"
instead = '"response"'

[[word]]
not = "so many"
instead = "the number"

[[word]]
not = "member*"
instead = '"field"'
unless = ["team*"]
near = 4

[[exception]]
path = "src/excused.rs"
rule = "word"
contains = "answer"
reason = "a test"
"#;

fn rules() -> Rules {
    Rules::read(RULES).expect("the rules are valid")
}

/// Returns the violations as `LINE RULE`.
fn violations(path: &str, text: &str) -> Vec<String> {
    let mut findings = Findings::default();
    check(path, text, &rules(), &mut findings).expect("the input can be parsed");
    findings.violations.sort();
    let found = findings.violations.iter();
    found.map(|v| format!("{} {}", v.line, v.rule)).collect()
}

#[track_caller]
fn assert_rust(text: &str, expected: &[&str]) {
    assert_eq!(violations("src/a.rs", text), expected, "{text}");
}

#[test]
fn accepts_verbs_and_nouns() {
    assert_rust("/// Returns the name.\npub fn f() {}", &[]);
    assert_rust("/// A robot account.\npub struct A;", &[]);
    assert_rust("//! Robot accounts.\n", &[]);
    assert_rust(
        "pub struct A {\n    /// Time of creation. Missing on old servers.\n    pub a: u8,\n}",
        &[],
    );
}

#[test]
fn refuses_first_words_that_are_not_used() {
    assert_rust("/// What it is.\npub struct A;", &["1 first-word"]);
    assert_rust("//! How it works.\n", &["1 first-word"]);
    assert_rust(
        "enum A {\n    /// Lets it pass.\n    B,\n}",
        &["2 first-word"],
    );
    assert_rust("kinds! {\n    /// What it is.\n    B\n}", &["2 first-word"]);
}

#[test]
fn refuses_unknown_verbs_of_public_functions_only() {
    assert_rust("/// The name.\npub fn f() {}", &["1 verb"]);
    assert_rust("/// Return the name.\npub fn f() {}", &["1 verb"]);
    assert_rust("/// The name.\nfn f() {}", &[]);
    assert_rust("/// The name.\npub(crate) fn f() {}", &[]);
    assert_rust(
        "/// A type.\npub trait A {\n    /// Name.\n    fn f();\n}",
        &["3 verb"],
    );
    assert_rust("impl A {\n    /// Name.\n    pub fn f() {}\n}", &["2 verb"]);
    assert_eq!(
        violations("tests/a.rs", "/// The name.\npub fn f() {}"),
        [""; 0]
    );
}

#[test]
fn requires_one_short_first_sentence() {
    assert_rust("/// Returns the name\npub fn f() {}", &["1 period"]);
    assert_rust(
        "/// Returns it. Or not.\npub fn f() {}",
        &["1 one-sentence"],
    );
    assert_rust(
        "/// Returns it, e.g. a name.\n///\n/// Or not.\npub fn f() {}",
        &[],
    );
    assert_rust(
        "/// Returns it, at most\n#[doc = concat!(\"5\", \" rows.\")]\npub fn f() {}",
        &[],
    );
    let long = "the name ".repeat(10);
    assert_rust(
        &format!("/// Returns {long}here.\npub fn f() {{}}"),
        &["1 length"],
    );
    let link =
        "/// Returns [a](https://example.com/a/long/address/that/is/not/read).\npub fn f() {}";
    assert_rust(link, &[]);
}

#[test]
fn requires_whole_sentences_below_sections() {
    let good =
        "/// Returns it.\n///\n/// # Errors\n///\n/// Returns an error if it fails.\npub fn f() {}";
    assert_rust(good, &[]);
    let tight = "/// Returns it.\n///\n/// # Errors\n/// If it fails.\npub fn f() {}";
    assert_rust(tight, &["3 section"]);
    let fragment = "/// Returns it.\n///\n/// # Errors\n///\n/// if it fails\npub fn f() {}";
    assert_rust(fragment, &["3 section"]);
    let single = "/// Returns it.\n///\n/// # Error\n///\n/// Returns one.\npub fn f() {}";
    assert_rust(single, &["3 section"]);
}

#[test]
fn requires_a_heading_above_examples() {
    let bare = "/// Returns it.\n///\n/// ```\n/// f();\n/// ```\npub fn f() {}";
    assert_rust(bare, &["3 section"]);
    let shell = "/// Returns it.\n///\n/// ```text\n/// f();\n/// ```\npub fn f() {}";
    assert_rust(shell, &[]);
    let good =
        "/// Returns it.\n///\n/// # Examples\n///\n/// ```\n/// f();\n/// ```\npub fn f() {}";
    assert_rust(good, &[]);
    assert_rust("//! Robots.\n//!\n//! ```\n//! f();\n//! ```\n", &[]);
}

#[test]
fn requires_use_first_in_examples() {
    let example = |code: &str| {
        format!("/// A type.\n///\n/// # Examples\n///\n/// ```\n{code}/// ```\npub struct A;")
    };
    assert_rust(
        &example("/// use a::{\n///     B,\n/// };\n/// use c::D;\n/// let x = 1;\n"),
        &[],
    );
    assert_rust(
        &example("/// # async fn f() {\n/// use a::B;\n/// let x = 1;\n/// # }\n"),
        &[],
    );
    assert_rust(
        &example("/// let x = 1;\n/// use a::B;\n"),
        &["7 use-first"],
    );
    let guide = "# Title\n\n```no_run\nlet x = 1;\nuse a::B;\n```\n\n```sh\ncd x\nuse it\n```\n";
    assert_eq!(violations("src/guide/a.md", guide), ["5 use-first"]);
}

#[test]
fn refuses_words_that_are_not_used() {
    assert_rust("// The answer.\n", &["1 word"]);
    assert_rust("// One\n// answered.\n", &["2 word"]);
    assert_rust("// There are so\n// many of these.\n", &["1 word"]);
    assert_rust("// It is so. Many do.\n", &[]);
    assert_rust("// The `answer` of a link [a](answer.md).\n", &[]);
    assert_rust("// A member.\n", &["1 word"]);
    assert_rust("// A member of a team.\n", &[]);
    assert_eq!(
        violations("README.md", "An answer.\n\n```\nanswer\n```\n"),
        ["1 word"]
    );
    assert_eq!(
        violations("Cargo.toml", "# An answer.\nanswer = 1\n"),
        ["1 word"]
    );
}

#[test]
fn checks_messages_and_no_other_literals() {
    assert_rust(
        "const A: &str = \"the server's answer is empty\";",
        &["1 word"],
    );
    assert_rust(
        "const A: &str = r#\"the server's answer is empty\"#;",
        &["1 word"],
    );
    assert_rust(
        "const A: &str = \"the server \\\n    has no answer\";",
        &["2 word"],
    );
    assert_rust("const A: &str = \"answer\";", &[]);
    assert_rust("const A: (char, &str) = ('\"', \"answer\"); // Fine.", &[]);
    let sandbox = "const A: &str = \"the server's answer is empty\";";
    assert_eq!(violations("src/testing/a.rs", sandbox), [""; 0]);
}

#[test]
fn checks_the_texts_of_the_overlay() {
    let overlay = "[operations.a]\nsummary = \"Lists robots.\"\nquery.b = \"How many.\"\n\
                   path.c = \"A name\"\n[schemas.A]\ndescription = \"A robot.\"\n\
                   [schemas.A.fields]\nd = \"string? - What it is.\"\n\
                   e = \"string - Its answer.\"\n";
    let expected = ["3 first-word", "4 period", "8 first-word", "9 word"];
    assert_eq!(violations("overlay/a.toml", overlay), expected);
    let long = "[schemas.A]\ndescription = \"\"\"A robot.\n\nIts answer.\"\"\"\n\
                [schemas.A.fields]\nd = \"string - What it is.\"\n";
    assert_eq!(
        violations("overlay/a.toml", long),
        ["4 word", "6 first-word"]
    );
}

#[test]
fn an_exception_excuses_its_violations_and_has_to_be_used() {
    let mut findings = Findings::default();
    let text = "// The answer.\n";
    check("src/excused.rs", text, &rules(), &mut findings).expect("it can be parsed");
    check("src/other.rs", text, &rules(), &mut findings).expect("it can be parsed");
    rules().apply_exceptions(&mut findings);
    let paths: Vec<&str> = findings
        .violations
        .iter()
        .map(|v| v.path.as_str())
        .collect();
    assert_eq!(paths, ["src/other.rs"]);

    let mut findings = Findings::default();
    rules().apply_exceptions(&mut findings);
    assert_eq!(
        findings.violations.first().map(|v| v.rule),
        Some("exception")
    );
}

#[test]
fn counts_first_words_and_folders() {
    let mut findings = Findings::default();
    let text = "/// Lists it.\npub fn f() {}\n/// An answer.\npub struct A;";
    check("src/api/a.rs", text, &rules(), &mut findings).expect("it can be parsed");
    let counts = counts(&findings);
    for row in ["1 violations", "1 word", "1 src/api", "1 Lists", "1 An"] {
        assert!(counts.contains(row), "{row} in {counts}");
    }
}

#[test]
fn the_rules_of_the_project_can_be_read() {
    Rules::read(include_str!("../../prose.toml")).expect("they are valid");
}
