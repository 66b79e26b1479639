//! The shape of the house: who may know whom, who may make proof, what a file may weigh, and that the README tells the truth.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).exec().unwrap()
}

/// Names of the direct dependencies of `package` that end up in the product.
fn direct(package: &Package) -> BTreeSet<String> {
    let product =
        package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    product.map(|dependency| dependency.name.clone()).collect()
}

/// All crates that a member's product code is built from.
fn reached(metadata: &Metadata, member: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().unwrap();
    let package = |id| metadata.packages.iter().find(|package| &package.id == id).unwrap();
    let start = metadata.packages.iter().find(|package| package.name.as_str() == member).unwrap();
    let (mut seen, mut queue) = (BTreeSet::new(), vec![start.id.clone()]);
    while let Some(id) = queue.pop() {
        let node = resolve.nodes.iter().find(|node| node.id == id).unwrap();
        for dependency in &node.deps {
            let in_product = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
            if in_product && seen.insert(package(&dependency.pkg).name.to_string()) {
                queue.push(dependency.pkg.clone());
            }
        }
    }
    seen
}

/// Each crate with the crates of ours that it may depend on.
const ARROWS: [(&str, &[&str]); 20] = [
    ("connector-domain", &[]),
    ("connector-http", &["connector-domain"]),
    ("connector-bigcommerce", &["connector-domain", "connector-http"]),
    ("connector-kinetic", &["connector-domain", "connector-http"]),
    ("connector-ports", &["connector-domain"]),
    (
        "connector-sync",
        &[
            "connector-domain",
            "connector-http",
            "connector-bigcommerce",
            "connector-kinetic",
            "connector-ports",
        ],
    ),
    ("connector-simulators", &[]),
    (
        "connector-sandbox",
        &[
            "connector-domain",
            "connector-http",
            "connector-bigcommerce",
            "connector-ports",
            "connector-sync",
            "connector-simulators",
        ],
    ),
    ("connector-aws", &["connector-domain", "connector-http", "connector-ports"]),
    (
        "connector-runtime",
        &[
            "connector-domain",
            "connector-http",
            "connector-bigcommerce",
            "connector-ports",
            "connector-sync",
            "connector-aws",
        ],
    ),
    ("connector-webhook-receiver", &["connector-runtime"]),
    ("connector-order-consumer", &["connector-runtime"]),
    ("connector-job-runner", &["connector-runtime"]),
    ("connector-catalog-poller", &["connector-runtime"]),
    ("connector-tick", &["connector-runtime"]),
    (
        "connector-cli",
        &[
            "connector-domain",
            "connector-http",
            "connector-bigcommerce",
            "connector-kinetic",
            "connector-ports",
            "connector-sync",
            "connector-aws",
        ],
    ),
    ("connector-emulator", &[]),
    (
        "connector-lambda",
        &[
            "connector-domain",
            "connector-http",
            "connector-ports",
            "connector-aws",
            "connector-emulator",
            "connector-simulators",
            "connector-sandbox",
        ],
    ),
    (
        "connector-sandbox-aws",
        &[
            "connector-domain",
            "connector-http",
            "connector-ports",
            "connector-sync",
            "connector-aws",
            "connector-simulators",
            "connector-sandbox",
            "connector-emulator",
        ],
    ),
    ("connector-tests", &[]),
];

/// Who may name a crate of the cloud's SDK, and who one of Lambda's.
const SDK: [&str; 1] = ["connector-aws"];
const LAMBDA: [&str; 6] = [
    "connector-runtime",
    "connector-webhook-receiver",
    "connector-order-consumer",
    "connector-job-runner",
    "connector-catalog-poller",
    "connector-tick",
];

/// Who stands on the cloud at all; everybody else builds without it, in seconds.
const ON_THE_CLOUD: [&str; 10] = [
    "connector-aws",
    "connector-runtime",
    "connector-webhook-receiver",
    "connector-order-consumer",
    "connector-job-runner",
    "connector-catalog-poller",
    "connector-tick",
    "connector-cli",
    "connector-lambda",
    "connector-sandbox-aws",
];

#[test]
fn the_arrows_between_our_crates_are_those_of_the_plan() {
    let metadata = metadata();
    let members: BTreeSet<&str> =
        metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    let planned: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(members, planned, "every member has its arrows here");
    for package in metadata.workspace_packages() {
        let (_, allowed) = ARROWS.iter().find(|(name, _)| *name == package.name.as_str()).unwrap();
        for name in direct(package).iter().filter(|name| name.starts_with("connector-")) {
            assert!(allowed.contains(&name.as_str()), "{} must not depend on {name}", package.name);
        }
    }
}

#[test]
fn the_domain_has_no_runtime_and_no_http_and_few_have_the_cloud() {
    let metadata = metadata();
    let domain = reached(&metadata, "connector-domain");
    for forbidden in ["tokio", "hyper", "reqwest", "http", "axum"] {
        assert!(!domain.contains(forbidden), "connector-domain reaches {forbidden}");
    }
    let ports = reached(&metadata, "connector-ports");
    for forbidden in ["hyper", "reqwest", "axum"] {
        assert!(!ports.contains(forbidden), "connector-ports reaches {forbidden}");
    }
    let sdk = |name: &str| name.starts_with("aws-");
    let lambda = |name: &str| name.starts_with("aws_lambda") || name.starts_with("lambda_");
    for (member, _) in ARROWS {
        if !ON_THE_CLOUD.contains(&member) {
            let cloud = reached(&metadata, member).into_iter().find(|name| sdk(name) || lambda(name));
            assert_eq!(cloud, None, "{member} reaches the cloud");
        }
        let package = metadata.packages.iter().find(|package| package.name.as_str() == member).unwrap();
        for name in direct(package) {
            assert!(!sdk(&name) || SDK.contains(&member), "{member} names {name}");
            assert!(!lambda(&name) || LAMBDA.contains(&member), "{member} names {name}");
        }
    }
}

/// A function is its name and its environment; what it does stands in `shared/runtime`.
#[test]
fn the_mains_of_the_functions_are_short() {
    for entry in std::fs::read_dir(root().join("functions")).unwrap() {
        let main = entry.unwrap().path().join("src/main.rs");
        let lines = std::fs::read_to_string(&main).unwrap().lines().count();
        assert!(lines <= 50, "{} has {lines} lines", main.display());
    }
}

/// Every Rust file of ours, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                into.push((path.strip_prefix(root()).unwrap().to_path_buf(), text));
            }
        }
    }
    let mut all = Vec::new();
    for folder in ["shared", "functions", "connector", "sandbox", "tests"] {
        walk(&root().join(folder), &mut all);
    }
    all
}

fn is_test(path: &Path) -> bool {
    let named = |part: &str| matches!(part, "tests" | "tests.rs" | "benches" | "testing.rs" | "conformance");
    path.components().any(|part| named(&part.as_os_str().to_string_lossy()))
}

/// The lines before the first unit test.
fn product_lines(text: &str) -> usize {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count()
}

#[test]
fn files_stay_small_enough_to_be_read() {
    let weights: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(p, t)| (p, product_lines(&t)))
        .collect();
    let heavy: Vec<_> = weights.iter().filter(|(_, lines)| *lines > 300).collect();
    assert!(heavy.len() * 10 <= weights.len(), "more than one file in ten is over 300 lines: {heavy:?}");
    let huge: Vec<_> = weights.iter().filter(|(_, lines)| *lines > 500).collect();
    assert!(huge.is_empty(), "over 500 lines: {huge:?}");
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    for (path, _) in sources() {
        let name = path.file_stem().unwrap().to_string_lossy();
        let empty = ["utils", "util", "common", "helpers", "helper", "types", "manager", "service", "misc"];
        assert!(!empty.contains(&name.as_ref()), "{} says nothing", path.display());
    }
}

#[test]
fn only_a_ledger_grants_claims_and_only_leases_grant_leases() {
    for (path, text) in sources() {
        let allowed =
            path.starts_with("shared/ports") || path.starts_with("shared/aws") || path.ends_with("shape.rs");
        let grants = text.contains("Claim::granted(") || text.contains("Lease::granted(");
        assert!(allowed || !grants, "{} makes proof of its own", path.display());
    }
}

#[test]
fn every_suppression_of_a_lint_has_a_reason() {
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.ends_with("shape.rs")) {
        for (at, _) in text.match_indices("[expect(") {
            let end = text[at..].find(")]").map_or(text.len(), |end| at + end);
            assert!(text[at..end].contains("reason"), "{}: {}", path.display(), &text[at..end]);
        }
        assert!(!text.contains("[allow("), "{}: say expect, with a reason", path.display());
    }
}

#[test]
fn no_test_is_ignored_and_none_sleeps() {
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.ends_with("shape.rs")) {
        assert!(!text.contains("#[ignore"), "{} ignores a test", path.display());
        let sleeps =
            text.contains("thread::sleep") || (is_test(&path) && text.contains("tokio::time::sleep"));
        assert!(!sleeps, "{} sleeps", path.display());
    }
}

/// The commands of the README, as they stand in its code blocks.
fn readme_commands() -> Vec<String> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut inside = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = !inside && line.starts_with("```sh");
        } else if inside && !line.trim().is_empty() {
            commands.push(line.split(" #").next().unwrap_or_default().trim().to_owned());
        }
    }
    commands
}

#[test]
fn every_command_of_the_readme_exists() {
    let commands = readme_commands();
    for needed in ["cargo sandbox", "cargo test --workspace"] {
        assert!(
            commands.iter().any(|command| command == needed),
            "the README has no `{needed}`: {commands:?}"
        );
    }
    let alias = std::fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    assert!(alias.contains("sandbox = \"run --package connector-sandbox --\""));
    let members: BTreeSet<String> =
        metadata().workspace_packages().iter().map(|package| package.name.to_string()).collect();
    for command in &commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        if let ["cargo", "sandbox", arguments @ ..] = words.as_slice() {
            the_sandbox_knows(command, arguments);
        }
        match words.as_slice() {
            ["cargo", "sandbox" | "test" | "doc" | "clippy" | "fmt" | "bench", ..] => {
                for (at, word) in
                    words.iter().enumerate().filter(|(_, word)| matches!(**word, "-p" | "--package"))
                {
                    let package = words.get(at + 1).copied().unwrap_or_default();
                    assert!(members.contains(package), "`{command}`: {word} {package} is no member");
                }
            }
            [script, ..] if script.starts_with('.') || script.contains('/') => {
                assert!(root().join(script).exists(), "`{command}`: there is no {script}");
            }
            ["pip", "install", "-r", file] | ["sam", "local", "invoke", _, "--event", file, ..] => {
                assert!(root().join(file).exists(), "`{command}`: there is no {file}");
            }
            ["sam", "build" | "local", ..]
            | ["cargo", "lambda", "watch", ..]
            | ["curl" | "git" | "cd", ..] => {}
            _ => panic!("`{command}`: say in this test how it is known to exist"),
        }
    }
}

/// Commands of the sandbox are variants of its command line, their options are fields there.
fn the_sandbox_knows(command: &str, arguments: &[&str]) {
    let cli = std::fs::read_to_string(root().join("sandbox/src/cli.rs")).unwrap();
    let (options, names): (Vec<&str>, Vec<&str>) = arguments
        .iter()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .partition(|word| word.starts_with("--"));
    let names = names.into_iter().filter(|word| !word.contains('.'));
    for name in names {
        let (first, rest) = name.split_at(1);
        let variant = format!("    {}{rest}", first.to_uppercase());
        assert!(
            cli.contains(&format!("{variant}(")) || cli.contains(&format!("{variant} {{")),
            "`{command}`: the sandbox has no {name}"
        );
    }
    for option in options {
        let field = format!("pub(crate) {}:", option.trim_start_matches('-').replace('-', "_"));
        assert!(cli.contains(&field), "`{command}`: the sandbox has no {option}");
    }
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                into.push(path);
            }
        }
    }
    let mut documents = vec![root().join("README.md")];
    for folder in ["docs", "shared", "functions", "connector", "sandbox", "infra"] {
        walk(&root().join(folder), &mut documents);
    }
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            assert!(document.parent().unwrap().join(file).exists(), "{}: {target}", document.display());
        }
    }
}
