//! A connection to try things with, and everything that can change on it.

use connector_domain::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::connections::{
    Connection, Credentials, KineticCredentials, Login, Old, Replaced, ShopCredentials,
};

/// Every secret of [`stored`].
pub(super) const SECRETS: [&str; 9] = [
    "token-aaaa",
    "client-bbbb",
    "client-cccc",
    "header-dddd",
    "apikey-eeee",
    "password-ffff",
    "old-hhhh",
    "old-iiii",
    "old-jjjj",
];

/// A connection with everything that one can have.
pub(super) fn stored(id: &str) -> Connection {
    Connection {
        id: id.parse().expect("a connection id"),
        rules: "[orders]\nprefix = \"BC-\"\n# \u{d6}sterreich \u{2192} \"AT\"\n".to_owned(),
        credentials: Credentials {
            bigcommerce: ShopCredentials {
                base_url: url("https://api.bigcommerce.com/"),
                store_hash: "abc123".to_owned(),
                access_token: secret("token-aaaa"),
                client_secrets: vec![secret("client-bbbb"), secret("client-cccc")],
                header: Some(("x-connector".to_owned(), secret("header-dddd"))),
                old: Old {
                    header: Some(replaced("old-hhhh", 1)),
                    client_secret: Some(replaced("old-iiii", 2)),
                    access_token: Some(replaced("old-jjjj", 3)),
                },
            },
            kinetic: KineticCredentials {
                base_url: url("https://kinetic.example.com/live/"),
                company: "EPIC06".to_owned(),
                api_key: secret("apikey-eeee"),
                login: Login::Basic { username: "connector".to_owned(), password: secret("password-ffff") },
                ca_pem: Some("-----BEGIN CERTIFICATE-----\nplant\n-----END CERTIFICATE-----\n".to_owned()),
            },
        },
    }
}

/// What changes, and how.
type Change = (&'static str, fn(&mut Connection));

/// To be made one after another: each changes one part and nothing else, and every part is changed by one.
pub(super) fn changes() -> Vec<Change> {
    vec![
        ("rules", |c| c.rules.push('\n')),
        ("shop address", |c| shop(c).base_url = url("https://api.example.com/")),
        ("store hash", |c| shop(c).store_hash.push('x')),
        ("access token", |c| shop(c).access_token = secret("token-aaab")),
        ("client secrets in turn", |c| shop(c).client_secrets.reverse()),
        ("one client secret less", |c| shop(c).client_secrets.truncate(1)),
        ("one client secret more", |c| shop(c).client_secrets.push(secret("client-gggg"))),
        ("name of the header", |c| shop(c).header = Some(("x-other".to_owned(), secret("header-dddd")))),
        ("value of the header", |c| shop(c).header = Some(("x-other".to_owned(), secret("header-ddde")))),
        ("no header", |c| shop(c).header = None),
        ("old header", |c| shop(c).old.header = Some(replaced("old-hhhi", 1))),
        ("when the old header was replaced", |c| shop(c).old.header = Some(replaced("old-hhhi", 4))),
        ("no old header", |c| shop(c).old.header = None),
        ("old client secret", |c| shop(c).old.client_secret = Some(replaced("old-iiij", 2))),
        ("until when the old client secret counts", |c| {
            shop(c).old.client_secret.as_mut().expect("there is one").until = at(9);
        }),
        ("no old client secret", |c| shop(c).old.client_secret = None),
        ("old token", |c| shop(c).old.access_token = Some(replaced("old-jjjk", 3))),
        ("no old token", |c| shop(c).old.access_token = None),
        ("Kinetic address", |c| kinetic(c).base_url = url("https://kinetic.example.com/test/")),
        ("company", |c| kinetic(c).company.push('7')),
        ("API key", |c| kinetic(c).api_key = secret("apikey-eeef")),
        ("the plant's own authority", |c| kinetic(c).ca_pem = None),
        ("password", |c| login(c, "connector", "password-fffg")),
        ("user", |c| login(c, "other", "password-fffg")),
    ]
}

const fn shop(connection: &mut Connection) -> &mut ShopCredentials {
    &mut connection.credentials.bigcommerce
}

const fn kinetic(connection: &mut Connection) -> &mut KineticCredentials {
    &mut connection.credentials.kinetic
}

fn login(connection: &mut Connection, username: &str, password: &str) {
    kinetic(connection).login = Login::Basic { username: username.to_owned(), password: secret(password) };
}

fn replaced(text: &str, seconds: i64) -> Replaced {
    Replaced::at(at(seconds), secret(text))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("a moment")
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}
