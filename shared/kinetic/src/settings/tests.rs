use test_case::test_case;

use super::*;

fn settings() -> Settings {
    let login = Login::Basic { username: "INTEG".to_owned(), password: "pass-word".into() };
    Settings::new("https://host/Live".parse().unwrap(), "EPIC06".to_owned(), "the-key".into(), login)
}

#[test]
fn the_usual_settings_work() {
    assert!(settings().checked().is_ok());
}

#[test_case(|s| s.base_url = "ftp://x/".parse().unwrap(), SettingsError::BaseUrl; "no web")]
#[test_case(|s| s.base_url = "https://x/?a=1".parse().unwrap(), SettingsError::BaseUrl; "a query")]
#[test_case(|s| s.base_url = "https://a:b@x/".parse().unwrap(), SettingsError::BaseUrl; "a password in the address")]
#[test_case(|s| s.company = String::new(), SettingsError::Company; "no company")]
#[test_case(|s| s.company = "EPIC 06".to_owned(), SettingsError::Company; "a blank in it")]
#[test_case(|s| s.plant = Some("Werk Süd".to_owned()), SettingsError::CallSettings; "a plant no header can hold")]
#[test_case(|s| s.api_key = " ".into(), SettingsError::Credentials; "no key")]
#[test_case(|s| s.login = Login::Basic { username: "a:b".to_owned(), password: "x".into() }, SettingsError::Credentials; "a colon in the user")]
#[test_case(|s| s.or_terms = 0, SettingsError::Batches; "no terms")]
#[test_case(|s| s.in_flight = 0, SettingsError::Pace; "nothing in flight")]
fn settings_that_cannot_work_are_refused(spoil: fn(&mut Settings), error: SettingsError) {
    let mut settings = settings();
    spoil(&mut settings);
    assert_eq!(settings.checked().unwrap_err(), error);
}

fn by_token(username: &str, password: &str) -> Login {
    Login::Token { username: username.to_owned(), password: password.into() }
}

/// Endpoint, id, secret, scope.
fn by_provider(texts: [&str; 3], scope: Option<&str>) -> Login {
    let [token_url, client_id, client_secret] = texts;
    Login::ClientCredentials {
        token_url: token_url.parse().unwrap(),
        client_id: client_id.to_owned(),
        client_secret: client_secret.into(),
        scope: scope.map(str::to_owned),
        audience: None,
    }
}

const URL: &str = "https://login.example.com/connect/token";

#[test_case(by_token("INTEG", "a pass:word"); "a token for a user")]
#[test_case(by_token("a:b", "x"); "a colon does no harm in a header of its own")]
#[test_case(by_provider([URL, "app", "s3cret"], None); "a token for an application")]
#[test_case(by_provider(["http://idp:8080/t?tenant=7", "app", "s3cret"], Some("epicor_erp")); "a scope and a query")]
fn each_login_works(login: Login) {
    assert!(Settings { login, ..settings() }.checked().is_ok());
}

#[test_case(by_token("", "x"), SettingsError::Credentials; "no user")]
#[test_case(by_token("INTEG", " "), SettingsError::Credentials; "no password")]
#[test_case(by_token("INTEG", "Gruß"), SettingsError::TokenHeaders; "a password that is not ASCII")]
#[test_case(by_token("INTEG", "word "), SettingsError::TokenHeaders; "a blank that a header would lose")]
#[test_case(by_token("INTEG", "a\nb: c"), SettingsError::TokenHeaders; "a password that would be two headers")]
#[test_case(by_provider(["ftp://idp/token", "app", "s"], None), SettingsError::TokenUrl; "no web")]
#[test_case(by_provider(["https://app:s@idp/token", "app", "s"], None), SettingsError::TokenUrl; "a secret in the address")]
#[test_case(by_provider(["https://idp/token#a", "app", "s"], None), SettingsError::TokenUrl; "a fragment")]
#[test_case(by_provider([URL, " ", "s"], None), SettingsError::ClientCredentials; "no client id")]
#[test_case(by_provider([URL, "app", ""], None), SettingsError::ClientCredentials; "no client secret")]
#[test_case(by_provider([URL, "app", "s"], Some("")), SettingsError::ClientCredentials; "an empty scope")]
fn a_login_that_cannot_work_is_refused(login: Login, error: SettingsError) {
    assert_eq!(Settings { login, ..settings() }.checked().unwrap_err(), error);
}

#[test_case("00000000-0000-0000-0000-00000000000g" => false; "a letter too far")]
#[test_case("{01234567-89ab-cdef-0123-456789abcdef}" => false; "braces")]
#[test_case("0123456789abcdef0123456789abcdef" => false; "no dashes")]
#[test_case("" => false; "empty")]
#[test_case("01234567-89ab-CDEF-0123-456789abcdef" => true; "a guid")]
fn a_claimed_license_is_a_guid(text: &str) -> bool {
    let claimed_license = Some(text.to_owned());
    Settings { claimed_license, ..settings() }.checked() != Err(SettingsError::License)
}

#[test]
fn a_token_must_live_for_a_while() {
    let token_lifetime = Duration::ZERO;
    let settings = Settings { token_lifetime, ..settings() };
    assert_eq!(settings.checked().unwrap_err(), SettingsError::TokenLifetime);
}

#[test]
fn no_secret_can_be_printed() {
    for login in [by_token("INTEG", "pass-word"), by_provider([URL, "INTEG", "pass-word"], None)] {
        let shown = format!("{:?} {login:?}", Settings { login: login.clone(), ..settings() });
        assert!(!shown.contains("the-key") && !shown.contains("pass-word") && !shown.contains("INTEG"));
    }
    let shown = format!("{:?} {:?}", settings(), settings().login);
    assert!(
        !shown.contains("the-key") && !shown.contains("pass-word") && !shown.contains("INTEG"),
        "{shown}"
    );
}
