//! `connector connection …`.

use connector_aws::{AwsConnections, SecretsPrefix};
use connector_ports::{Connection, ConnectionSource as _, Login};
use secrecy::ExposeSecret as _;

use crate::run::{CONNECTION, Desk, RULES};

#[tokio::test]
async fn a_connection_that_was_put_is_stored_with_all_its_secrets_and_listed_without_any() {
    let (desk, account) = Desk::in_account().await;
    assert!(desk.good(&["connection", "list"]).await.contains("no connection yet"));
    let told = desk.good(&["connection", "put", &desk.path("connection.toml")]).await;
    assert!(told.contains("✓ stored") && told.contains("main-store"), "{told}");

    let prefix = SecretsPrefix(account.table.0.clone());
    let source = AwsConnections::new(&account.clients, account.table.clone(), prefix);
    let stored: Connection = source.read(&"main-store".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(stored.rules, RULES);
    let shop = &stored.credentials.bigcommerce;
    assert_eq!(shop.access_token.expose_secret(), "token-6f1c0a", "from a variable");
    assert_eq!(shop.client_secrets[0].expose_secret(), "client-9b2e4d", "from the file itself");
    let (name, header) = shop.header.as_ref().unwrap();
    assert_eq!(
        (name.as_str(), header.expose_secret()),
        ("X-Connector-Secret", "header-2b77d0"),
        "from another file, without its line break"
    );
    let kinetic = &stored.credentials.kinetic;
    assert_eq!(kinetic.api_key.expose_secret(), "api-key-c41f7e");
    let Login::Basic { username, password } = &kinetic.login else { panic!("{:?}", kinetic.login) };
    assert_eq!((username.as_str(), password.expose_secret()), ("connector", "password-8d20aa"));

    let listed = desk.json(&["connection", "list"]).await;
    assert_eq!(listed[0]["id"], "main-store");
    assert_eq!(listed[0]["company"], "EPIC06");
    assert_eq!(listed[0]["prefix"], "BC-");
}

#[tokio::test]
async fn a_connection_that_would_take_anothers_orders_is_not_put() {
    let (desk, _account) = Desk::in_account().await;
    desk.good(&["connection", "put", "connection.toml"]).await;
    desk.file("second.toml", &CONNECTION.replace("main-store", "second-store"));
    let told = desk.bad(&["connection", "put", "second.toml"]).await;
    assert!(told.contains("orders.prefix") && told.contains("give each its own"), "{told}");
    let listed = desk.json(&["connection", "list"]).await;
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
}

#[tokio::test]
async fn a_good_file_is_valid_without_any_deployment() {
    let desk = Desk::new();
    let told = desk.good(&["connection", "validate", "connection.toml"]).await;
    assert!(told.contains("can be put"), "{told}");
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_file_is_told_at_once_and_no_value_of_it() {
    let desk = Desk::new();
    let wrong = r#"
id = "Main Store"
rules = { orders = { prefix = "BC-", time_zone = "Mars", currency = "USD" } }
[bigcommerce]
base_url = "no address"
access_token = "env:NOT_SET"
client_secrets = ["client-9b2e4d", "b", "c"]
acces_token = "token-6f1c0a"
[kinetic]
base_url = "https://kinetic.example.com/KineticLive"
company = 6
api_key = "file:not-there.key"
[kinetic.login]
method = "magic"
password = "password-8d20aa"
"#;
    desk.file("wrong.toml", wrong);
    let validated = desk.run(&["connection", "validate", "wrong.toml", "--json"]).await;
    assert_eq!(validated.code, 1);
    let validated: serde_json::Value = serde_json::from_str(&validated.out).unwrap();
    let problems = validated["problems"].as_array().unwrap();
    for (key, what) in [
        ("id", "1 to 40"),
        ("rules: orders.time_zone", "America/Chicago"),
        ("rules: guests.cust_id", "missing"),
        ("bigcommerce.base_url", "no URL"),
        ("bigcommerce.store_hash", "missing"),
        ("bigcommerce.access_token", "NOT_SET, which is not set"),
        ("bigcommerce.client_secrets", "one or two"),
        ("bigcommerce.acces_token", "known: base_url, store_hash"),
        ("kinetic.company", "expected a text"),
        ("kinetic.api_key", "not-there.key, which cannot be read"),
        ("kinetic.login.method", "basic, token or client_credentials"),
    ] {
        let told = |problem: &serde_json::Value| {
            let text = problem.as_str().unwrap();
            text.starts_with(key) && text.contains(what)
        };
        assert!(problems.iter().any(told), "{key}: {what} is not in {problems:#?}");
    }
    let refused = desk.bad(&["connection", "put", "wrong.toml"]).await;
    assert!(refused.contains("cannot be used") && refused.contains("bigcommerce.store_hash"), "{refused}");
}

#[tokio::test]
async fn what_a_client_would_refuse_is_told_before_it_is_stored() {
    let desk = Desk::new();
    let text = CONNECTION
        .replace("abc123", "../abc")
        .replace("EPIC06", "A COMPANY")
        .replace("secret = \"file:header.secret\"", "secret = \"file:header.secret\"\n");
    desk.file("odd.toml", &text.replace("X-Connector-Secret", "webhook-id"));
    let told = desk.bad(&["connection", "validate", "odd.toml"]).await;
    for part in ["store hash must be letters and digits", "company must be 1 to 8", "used by two methods"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_toml_is_told_by_its_line_only() {
    let desk = Desk::new();
    desk.file("broken.toml", "id = \"main-store\"\naccess_token = token-6f1c0a\n");
    let told = desk.bad(&["connection", "validate", "broken.toml"]).await;
    assert!(told.contains("line 2 is not TOML"), "{told}");
    let told = desk.bad(&["connection", "validate", "nowhere.toml"]).await;
    assert!(told.contains("nowhere.toml cannot be read"), "{told}");
}

#[tokio::test]
async fn without_a_deployment_the_missing_variables_and_the_outputs_that_say_them_are_named() {
    let told = Desk::new().bad(&["connection", "list"]).await;
    for part in ["TABLE_NAME", "SECRETS_PREFIX", "TableName", "SecretsPrefix", "--sandbox"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_missing_region_and_a_wrong_table_are_told_with_what_to_set() {
    let mut desk = Desk::new();
    for (name, value) in
        [("TABLE_NAME", "none"), ("SECRETS_PREFIX", "none"), ("AWS_EC2_METADATA_DISABLED", "true")]
    {
        desk.vars.push((name.to_owned(), value.to_owned()));
    }
    let told = desk.bad(&["connection", "list"]).await;
    assert!(told.contains("AWS_REGION") && told.contains("AWS_PROFILE"), "{told}");
    let (mut desk, _account) = Desk::in_account().await;
    desk.vars.retain(|(name, _)| name != "TABLE_NAME");
    desk.vars.push(("TABLE_NAME".to_owned(), "none".to_owned()));
    let told = desk.bad(&["connection", "put", "connection.toml"]).await;
    assert!(told.contains("must be the stack's output TableName"), "{told}");
}

#[cfg(unix)]
#[test]
fn init_at_a_terminal_asks_and_shows_no_secret() {
    let desk = Desk::new();
    let answers = [
        "Main Store",
        "main-store",
        "rules.toml",
        "abc123",
        "token-6f1c0a",
        "client-9b2e4d",
        "X-Connector-Secret",
        "header-2b77d0",
        "https://kinetic.example.com/Live",
        "EPIC06",
        "api-key-c41f7e",
        "",
        "magic",
        "basic",
        "connector",
        "password-8d20aa",
    ];
    let shown = crate::run::at_a_terminal(&desk, &["connection", "init", "--out", "new.toml"], &answers);
    assert!(shown.contains("that cannot be; once more") && shown.contains("new.toml written"), "{shown}");
    let written = std::fs::read_to_string(desk.path("new.toml")).unwrap();
    for secret in crate::run::SECRETS {
        assert!(!shown.contains(secret), "{secret} was shown: {shown}");
        assert!(written.contains(secret), "{secret} was not written");
    }
}

#[tokio::test]
async fn the_example_is_a_valid_file() {
    let mut desk = Desk::new();
    for name in
        ["BIGCOMMERCE_ACCESS_TOKEN", "BIGCOMMERCE_CLIENT_SECRET", "WEBHOOK_HEADER_SECRET", "KINETIC_API_KEY"]
    {
        desk.vars.push((name.to_owned(), "client-9b2e4d".to_owned()));
    }
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/connection.example.toml");
    let told = desk.good(&["connection", "validate", example]).await;
    assert!(told.contains("can be put"), "{told}");
}

#[tokio::test]
async fn init_without_a_terminal_asks_nobody_and_says_so() {
    let desk = Desk::new();
    let told = desk.bad(&["connection", "init", "--out", "new.toml"]).await;
    assert!(told.contains("--from FILE"), "{told}");
    assert!(std::fs::metadata(desk.path("new.toml")).is_err());
}

#[tokio::test]
async fn init_from_a_file_writes_a_private_copy_or_puts_it_and_never_overwrites() {
    let (desk, _account) = Desk::in_account().await;
    let init = ["connection", "init", "--from", "connection.toml"];
    let told = desk.good(&[&init[..], &["--out", "new.toml"]].concat()).await;
    assert!(told.contains("readable by you alone"), "{told}");
    assert_eq!(std::fs::read_to_string(desk.path("new.toml")).unwrap(), CONNECTION);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.path("new.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let told = desk.bad(&[&init[..], &["--out", "rules.toml"]].concat()).await;
    assert!(told.contains("move the file that is there away"), "{told}");
    assert_eq!(std::fs::read_to_string(desk.path("rules.toml")).unwrap(), RULES);
    desk.good(&[&init[..], &["--put"]].concat()).await;
    assert_eq!(desk.json(&["connection", "list"]).await[0]["id"], "main-store");
}
