//! The binary, its environment, and a folder for its files.

use std::path::PathBuf;
use std::process::Output;

use connector_lambda::Account;
use serde_json::Value;
use tokio::process::Command;
use uuid::Uuid;

/// What stands in the files and variables of these tests and may stand nowhere else.
pub(crate) const SECRETS: [&str; 5] =
    ["token-6f1c0a", "client-9b2e4d", "header-2b77d0", "api-key-c41f7e", "password-8d20aa"];

/// A connection's TOML whose secrets come in all three forms.
pub(crate) const CONNECTION: &str = r#"
id = "main-store"
rules = "rules.toml"

[bigcommerce]
base_url = "http://127.0.0.1:9"
store_hash = "abc123"
access_token = "env:SHOP_TOKEN"
client_secrets = ["client-9b2e4d"]

[bigcommerce.webhook_header]
name = "X-Connector-Secret"
secret = "file:header.secret"

[kinetic]
base_url = "http://127.0.0.1:9/KineticLive"
company = "EPIC06"
api_key = "env:KINETIC_KEY"

[kinetic.login]
method = "basic"
username = "connector"
password = "env:KINETIC_PASSWORD"
"#;

/// The smallest rules that work.
pub(crate) const RULES: &str = r#"
orders = { prefix = "BC-", time_zone = "America/Chicago", currency = "USD" }
guests = { cust_id = "WEBGUEST" }
"#;

/// A person's terminal: variables and a folder.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) folder: PathBuf,
    pub(crate) vars: Vec<(String, String)>,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    /// A desk without a deployment, with [`CONNECTION`] and [`RULES`] on it.
    pub(crate) fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().simple().to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let secrets = [
            ("SHOP_TOKEN", "token-6f1c0a"),
            ("KINETIC_KEY", "api-key-c41f7e"),
            ("KINETIC_PASSWORD", "password-8d20aa"),
        ];
        let vars = secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let desk = Self { folder, vars };
        desk.file("connection.toml", CONNECTION);
        desk.file("rules.toml", RULES);
        desk.file("header.secret", "header-2b77d0\n");
        desk
    }

    /// A desk whose variables name a deployment of its own.
    pub(crate) async fn in_account() -> (Self, Account) {
        let account = Account::new().await.unwrap_or_else(|error| panic!("{error:#}"));
        let mut desk = Self::new();
        desk.vars.extend(account.variables().into_iter().map(|(name, value)| (name.to_owned(), value)));
        (desk, account)
    }

    /// Writes a file, and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// The path of a file.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Runs `connector` with these arguments. Whatever it says, it says no secret.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_connector"));
        command.args(arguments).env_clear().current_dir(&self.folder);
        command.envs(self.vars.iter().map(|(name, value)| (name, value)));
        let Output { status, stdout, stderr } = command.output().await.unwrap();
        let ran = Ran {
            code: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        };
        for secret in SECRETS {
            assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "a secret was told: {ran:?}");
        }
        assert!(!ran.out.contains('\u{1b}'), "colours without a terminal: {ran:?}");
        ran
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub(crate) async fn good(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments).await;
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.out
    }

    /// Runs a command with `--json` that must succeed, and reads what it printed.
    pub(crate) async fn json(&self, arguments: &[&str]) -> Value {
        let out = self.good(&[arguments, &["--json"]].concat()).await;
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    /// Runs a command that must fail, and gives what it said about it.
    pub(crate) async fn bad(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments).await;
        assert_ne!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.err + &ran.out
    }
}

/// Puts `lost-store`, whose secrets `desk` then does not find: its deployment keeps secrets under another prefix.
pub(crate) async fn lost_store(desk: &Desk) {
    let mut other = Desk::new();
    other.vars.clone_from(&desk.vars);
    for (name, value) in &mut other.vars {
        if name == "SECRETS_PREFIX" {
            value.push_str("-other");
        }
    }
    other.file("connection.toml", &CONNECTION.replace("main-store", "lost-store"));
    other.file("rules.toml", &RULES.replace("BC-", "LOST-"));
    other.good(&["connection", "put", "connection.toml"]).await;
}

/// Runs a command at a terminal of its own, gives an answer to each prompt, and returns all that was shown.
///
/// A secret is typed only once the terminal does not echo any more, as a person who reads the prompt does.
#[cfg(unix)]
pub(crate) fn at_a_terminal(desk: &Desk, arguments: &[&str], answers: &[&str]) -> String {
    const TERMINAL: &str = r#"
import os, pty, sys, termios
answers = sys.stdin.read().split("\n")
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown, since = b"", b""
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown, since = shown + chunk, since + chunk
    if since.endswith(b": ") and answers:
        while b"not shown" in since and termios.tcgetattr(terminal)[3] & termios.ECHO:
            pass
        os.write(terminal, (answers.pop(0) + "\n").encode())
        since = b""
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;
    let answered = desk.file("answers.txt", &answers.join("\n"));
    let output = std::process::Command::new("python3")
        .args(["-c", TERMINAL, env!("CARGO_BIN_EXE_connector")])
        .args(arguments)
        .current_dir(&desk.folder)
        .stdin(std::fs::File::open(answered).unwrap())
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    shown
}
