//! A connection to try things with, and everything that can change on it.

use secrecy::SecretString;
use url::Url;

use crate::connections::{Connection, Credentials, KineticCredentials, Login, ShopCredentials};

/// Every secret of [`stored`].
pub(super) const SECRETS: [&str; 6] =
    ["token-aaaa", "client-bbbb", "client-cccc", "header-dddd", "apikey-eeee", "password-ffff"];

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

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}
