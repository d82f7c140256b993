//! The matrix of handles and verbs, read from `docs/public-api.txt`: who knows one handle knows
//! all.
//!
//! A method without arguments that returns a handle with `list` leads to a collection, and its
//! sibling in the singular, with a name or an identifier, to one item of it. Whatever is otherwise
//! is in [`EXCEPTIONS`], with its reason. An exception that is not needed any more fails the test
//! too.

mod exceptions;

use super::public_api::public_api;
use exceptions::EXCEPTIONS;
use std::collections::{BTreeMap, BTreeSet};

/// The verbs of a collection and of an item, without the accessor of its name.
const OF_COLLECTION: [&str; 3] = ["list", "create", "create_if_absent"];
const OF_ITEM: [&str; 5] = ["get", "get_opt", "update", "delete", "delete_if_exists"];
const OF_SINGLETON: [&str; 6] = [
    "get",
    "get_opt",
    "create",
    "update",
    "delete",
    "delete_if_exists",
];

/// The accessor of what an item handle was made with: one of these.
const ACCESSORS: [&str; 6] = ["name", "id", "uuid", "digest", "client_id", "kid"];

/// Words that stand for a verb of the matrix elsewhere.
const OTHER_WORDS: [&str; 10] = [
    "add", "change", "describe", "find", "forget", "of", "read", "remove", "request", "revoke",
];

/// A method, with the types of its arguments without `self`.
#[derive(Debug)]
struct Method {
    is_async: bool,
    arguments: Vec<String>,
    returns: String,
}

impl Method {
    /// The type within `Result<…>`, or the whole return type.
    fn value(&self) -> &str {
        within(&self.returns, "Result").unwrap_or(&self.returns)
    }

    /// The handle that it returns, if any.
    fn handle(&self) -> Option<&str> {
        Some(self.value()).filter(|value| value.ends_with("Handle") && !self.is_async)
    }

    fn is_listing(&self) -> bool {
        self.returns.starts_with("Listing<")
    }
}

/// The argument of a type such as `Result<T>`.
fn within<'a>(of: &'a str, name: &str) -> Option<&'a str> {
    of.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>')
}

/// The parts of a list of types, separated by commas outside of brackets.
fn split(list: &str) -> Vec<String> {
    let mut depth = 0;
    let parts = list.split(|c: char| {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

type Handles = BTreeMap<String, BTreeMap<String, Method>>;

/// The methods of `Quay` and of all handles that take `self`.
fn handles(api: &str) -> Handles {
    let mut handles = Handles::new();
    for line in api.lines() {
        let (is_async, rest) = match line.strip_prefix("async ") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let Some(rest) = rest.strip_prefix("fn quay_api::") else {
            continue;
        };
        let Some((path, signature)) = rest.split_once('(') else {
            continue;
        };
        let path = path.split('<').next().unwrap_or(path);
        let Some((owner, name)) = path.trim_start_matches("api::").split_once("::") else {
            continue;
        };
        if owner != "Quay" && !owner.ends_with("Handle") {
            continue;
        }
        let (arguments, returns) = signature
            .rsplit_once(") -> ")
            .or_else(|| {
                signature
                    .rsplit_once(')')
                    .map(|(arguments, _)| (arguments, "()"))
            })
            .unwrap_or((signature, "()"));
        let returns = returns.split(" where ").next().unwrap_or(returns);
        let mut arguments = split(arguments);
        if !arguments
            .first()
            .is_some_and(|first| first.ends_with("self"))
        {
            continue;
        }
        arguments.remove(0);
        let method = Method {
            is_async,
            arguments,
            returns: returns.to_owned(),
        };
        let methods = handles.entry(owner.to_owned()).or_default();
        methods.insert(name.to_owned(), method);
    }
    handles
}

fn singular(plural: &str) -> String {
    match plural.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plural.trim_end_matches('s').to_owned(),
    }
}

fn plural(singular: &str) -> String {
    match singular.strip_suffix('y') {
        Some(stem) if !stem.ends_with('e') => format!("{stem}ies"),
        _ => format!("{singular}s"),
    }
}

/// Differences, by handle and verb.
#[derive(Default)]
struct Findings(BTreeMap<(String, String), String>);

impl Findings {
    fn add(&mut self, handle: &str, verb: &str, what: &str) {
        let key = (handle.to_owned(), verb.to_owned());
        self.0.entry(key).or_insert_with(|| what.to_owned());
    }

    fn require(&mut self, handles: &Handles, handle: &str, verbs: &[&str]) {
        for verb in verbs {
            if !handles[handle].contains_key(*verb) {
                self.add(handle, verb, "is missing");
            }
        }
    }

    /// Finds the collections, items and singletons, and the verbs that they lack.
    fn kinds(&mut self, handles: &Handles) {
        let has_list = |handle: &str| handles[handle].contains_key("list");
        for (owner, methods) in handles {
            for (name, method) in methods {
                let Some(handle) = method.handle().filter(|handle| *handle != owner) else {
                    continue;
                };
                if !method.arguments.is_empty() {
                    self.require(handles, handle, &OF_ITEM);
                    if !ACCESSORS
                        .iter()
                        .any(|name| handles[handle].contains_key(*name))
                    {
                        self.add(handle, "name", "has no accessor of what it was made with");
                    }
                    if !methods.contains_key(&plural(name)) {
                        self.add(owner, &plural(name), "is missing beside the item");
                    }
                } else if has_list(handle) {
                    self.require(handles, handle, &OF_COLLECTION);
                    let item = singular(name);
                    if !methods.contains_key(&item) {
                        let what = format!("is missing: {owner} has `{name}` and no `{item}`");
                        self.add(handle, "item", &what);
                    }
                } else if handles[handle].contains_key("get") {
                    self.require(handles, handle, &OF_SINGLETON);
                }
            }
        }
    }

    /// Checks the parameters and the result of each verb.
    fn signatures(&mut self, handles: &Handles) {
        for (handle, methods) in handles {
            let value = |verb: &str| methods.get(verb).map(Method::value);
            for (verb, method) in methods {
                let arguments: Vec<&str> = method.arguments.iter().map(String::as_str).collect();
                let is_right = match verb.as_str() {
                    "list" => arguments.is_empty() && method.is_listing(),
                    "get" => arguments.is_empty() && method.is_async,
                    "get_opt" => {
                        arguments.is_empty() && within(method.value(), "Option") == value("get")
                    }
                    "get_opt_with" => within(method.value(), "Option") == value("get_with"),
                    "create" => method.is_async && method.value() != "()",
                    "create_if_absent" => {
                        within(method.value(), "Option") == value("create")
                            && methods
                                .get("create")
                                .is_some_and(|create| create.arguments == method.arguments)
                    }
                    "ensure" => {
                        // Of one thing, or of all of them together.
                        let item = within(&method.returns, "Ensure");
                        let one = item.map(|item| within(item, "Vec").unwrap_or(item));
                        let created = value("create").or(one);
                        !method.is_async && one.is_some() && one == created
                    }
                    "update" => matches!(*arguments, [change] if change.starts_with("Update")),
                    "delete" => arguments.is_empty() && method.returns == "Result<()>",
                    "delete_if_exists" => arguments.is_empty() && method.returns == "Result<bool>",
                    _ => true,
                };
                if !is_right {
                    self.add(handle, verb, &format!("has another form: {method:?}"));
                }
                if method.is_async && arguments.contains(&"bool") {
                    self.add(
                        handle,
                        verb,
                        "takes a `bool`, of which a reader can't tell which it is",
                    );
                }
                if OTHER_WORDS.contains(&verb.as_str()) {
                    self.add(handle, verb, "is another word for a verb of the matrix");
                }
            }
            let pairs = [
                ("get", "get_opt"),
                ("get_with", "get_opt_with"),
                ("delete", "delete_if_exists"),
                ("enable", "disable"),
                ("enable_trust", "disable_trust"),
            ];
            for (one, other) in pairs.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
                if methods.contains_key(one) && !methods.contains_key(other) {
                    self.add(handle, other, &format!("is missing beside `{one}`"));
                }
            }
        }
    }

    /// A word that leads to a listing on one handle leads to no handle on another.
    fn words(&mut self, handles: &Handles) {
        let all = || {
            handles.iter().flat_map(|(handle, methods)| {
                let methods = methods
                    .iter()
                    .filter(|(_, method)| method.arguments.is_empty());
                methods.map(move |(name, method)| (handle, name, method))
            })
        };
        let collections: BTreeSet<&String> = all()
            .filter(|(_, _, method)| method.handle().is_some())
            .map(|(_, name, _)| name)
            .collect();
        for (handle, name, method) in all() {
            if method.is_listing() && collections.contains(name) {
                self.add(handle, name, "is a listing here and a handle elsewhere");
            }
        }
    }

    fn of(handles: &Handles) -> Self {
        let mut findings = Self::default();
        findings.kinds(handles);
        findings.signatures(handles);
        findings.words(handles);
        findings
    }
}

#[test]
fn handles_have_the_same_verbs() {
    let handles = handles(&public_api());
    assert!(handles.len() > 40, "too few handles: {}", handles.len());
    let mut findings = Findings::of(&handles).0;
    let mut wrong = Vec::new();
    for (handle, verbs, reason) in EXCEPTIONS {
        assert!(!reason.is_empty(), "{handle} has no reason for {verbs:?}");
        for verb in *verbs {
            let key = ((*handle).to_owned(), (*verb).to_owned());
            if findings.remove(&key).is_none() {
                wrong.push(format!("the exception {handle}::{verb} is not needed"));
            }
        }
    }
    for ((handle, verb), what) in findings {
        wrong.push(format!("{handle}::{verb} {what}"));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn uneven_handles_are_found() {
    let uneven = "\
fn quay_api::Quay::robots(&self) -> RobotsHandle
fn quay_api::Quay::teams(&self) -> TeamsHandle
fn quay_api::Quay::team(&self, impl AsRef<str>) -> Result<TeamHandle>
fn quay_api::api::OtherHandle::teams(&self) -> Listing<SinglePage<Team>>
fn quay_api::api::RobotsHandle::list(&self, impl AsRef<str>) -> Listing<SinglePage<Robot>>
async fn quay_api::api::RobotsHandle::create(&self, CreateRobot) -> Result<()>
async fn quay_api::api::RobotsHandle::create_if_absent(&self, CreateRobot) -> Result<bool>
fn quay_api::api::TeamsHandle::list(&self) -> Listing<SinglePage<Team>>
async fn quay_api::api::TeamsHandle::ensure(&self, CreateTeam) -> Result<Ensured<Team>>
async fn quay_api::api::TeamsHandle::create(&self, impl AsRef<str>, CreateTeam) -> Result<Team>
async fn quay_api::api::TeamsHandle::create_if_absent(&self, impl AsRef<str>, CreateTeam) \
     -> Result<Option<Team>>
fn quay_api::api::TeamHandle::name(&self) -> &str
fn quay_api::api::TeamHandle::get(&self) -> GetTeam
async fn quay_api::api::TeamHandle::get_opt(&self) -> Result<Option<Team>>
async fn quay_api::api::TeamHandle::update(&self, SetTeam) -> Result<Team>
async fn quay_api::api::TeamHandle::delete(&self) -> Result<()>
async fn quay_api::api::TeamHandle::set_trust(&self, bool) -> Result<()>
async fn quay_api::api::TeamHandle::remove(&self) -> Result<()>
";
    let findings = Findings::of(&handles(uneven)).0;
    let found: Vec<String> = findings
        .keys()
        .map(|(handle, verb)| format!("{handle}::{verb}"))
        .collect();
    assert_eq!(
        found,
        [
            "OtherHandle::teams",
            "RobotsHandle::create",
            "RobotsHandle::create_if_absent",
            "RobotsHandle::item",
            "RobotsHandle::list",
            "TeamHandle::delete_if_exists",
            "TeamHandle::get",
            "TeamHandle::get_opt",
            "TeamHandle::remove",
            "TeamHandle::set_trust",
            "TeamHandle::update",
            "TeamsHandle::ensure",
        ]
    );
}
