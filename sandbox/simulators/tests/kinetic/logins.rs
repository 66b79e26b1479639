//! Tokens, and identities that are not accepted.

use connector_simulators::{
    KineticConfig, Recorder,
    kinetic::{Idp, Logins},
};
use jiff::SignedDuration;
use serde_json::Value;
use test_case::test_case;

use crate::desk::{Desk, Reply};

const UNAUTHORIZED: &str = "System.UnauthorizedAccessException";
const PARTS: &str = "EPIC06/Erp.BO.PartSvc/Parts";

fn token_request(desk: &Desk) -> reqwest::RequestBuilder {
    desk.anywhere("POST", "KineticLive/TokenResource.svc/")
}

async fn token(desk: &Desk) -> String {
    let config = desk.sim.config();
    let request = token_request(desk)
        .header("accept", "application/json")
        .header("username", &config.username)
        .header("password", &config.password);
    Desk::answer(request).await.unwrap().ok()["AccessToken"].as_str().unwrap().to_owned()
}

async fn with_bearer(desk: &Desk, token: &str) -> Reply {
    let request = desk.bare("GET", PARTS).bearer_auth(token).header("x-api-key", &desk.sim.config().api_key);
    Desk::answer(request).await.unwrap()
}

#[tokio::test]
async fn the_servers_token_opens_until_its_time_is_over() {
    let (desk, hands) = Desk::on_a_clock(|config| {
        config.logins = Logins::only_server_token();
        config.token_lifetime = 1200;
    })
    .await;
    let token = token(&desk).await;
    assert_eq!(token.split('.').count(), 3, "a JWT");
    with_bearer(&desk, &token).await.ok();
    hands.advance(SignedDuration::from_secs(1199));
    with_bearer(&desk, &token).await.ok();
    hands.advance(SignedDuration::from_secs(1));
    let refused = with_bearer(&desk, &token).await.refused(401, UNAUTHORIZED);
    assert_eq!(refused, "Invalid username or password.");
    with_bearer(&desk, "no.such.token").await.refused(401, UNAUTHORIZED);
    let keyless = desk.bare("GET", PARTS).bearer_auth(self::token(&desk).await);
    let text = Desk::answer(keyless).await.unwrap().refused(401, UNAUTHORIZED);
    assert!(text.starts_with("Invalid API Key"), "{text}");
    assert_eq!(desk.sim.tokens_issued(), 2);
}

#[tokio::test]
async fn three_ways_lead_to_a_token_and_two_formats_come_back() {
    let desk = Desk::new().await;
    let config = desk.sim.config();
    let (user, password) = (config.username.as_str(), config.password.as_str());
    let form = format!("grant_type=password&username={user}&password={password}");
    let ways = [
        token_request(&desk).header("username", user).header("password", password),
        token_request(&desk).basic_auth(user, Some(password)),
        token_request(&desk).body(form),
    ];
    for request in ways {
        let answer = Desk::answer(request.header("accept", "application/json")).await.unwrap().ok();
        assert_eq!((&answer["ExpiresIn"], &answer["TokenType"]), (&3600.into(), &"Bearer".into()));
        assert_eq!(answer["RefreshToken"], "");
        with_bearer(&desk, answer["AccessToken"].as_str().unwrap()).await.ok();
    }
    let Reply(status, Value::String(xml)) =
        Desk::answer(token_request(&desk).basic_auth(user, Some(password))).await.unwrap()
    else {
        panic!("without Accept it is XML")
    };
    assert!(
        status == 200 && xml.starts_with("<Token><AccessToken>") && xml.contains("<ExpiresIn>3600</"),
        "{xml}"
    );
    for request in [
        token_request(&desk),
        token_request(&desk).header("username", user).header("password", "wrong"),
        token_request(&desk).body(format!("grant_type=other&username={user}&password={password}")),
    ] {
        let text = Desk::answer(request).await.unwrap().refused(401, UNAUTHORIZED);
        assert_eq!(text, "Invalid username or password.");
    }
}

#[tokio::test]
async fn tokens_can_all_end_at_once_with_words_of_the_sites_own() {
    let config = KineticConfig { token_refusal: "Token has expired.".to_owned(), ..KineticConfig::new() };
    let desk = Desk::with(config).await;
    let token = token(&desk).await;
    with_bearer(&desk, &token).await.ok();
    desk.sim.expire_tokens();
    assert_eq!(with_bearer(&desk, &token).await.refused(401, UNAUTHORIZED), "Token has expired.");
    with_bearer(&desk, &self::token(&desk).await).await.ok();
}

#[tokio::test]
async fn basic_is_refused_to_users_of_single_sign_on() {
    let idp = Idp { scope: Some("epicor_erp".to_owned()), ..Idp::new("connector", "idp-secret-1") };
    let desk = Desk::with(KineticConfig { logins: Logins::only_idp(idp), ..KineticConfig::new() }).await;
    let basic = Desk::answer(desk.request("GET", PARTS)).await.unwrap();
    assert_eq!(basic.refused(401, UNAUTHORIZED), "Invalid username or password.");
    let closed = token_request(&desk).header("username", "INTEG").header("password", "x");
    assert_eq!(Desk::answer(closed).await.unwrap().0, 404, "nor does it give out tokens of its own");

    let form =
        "grant_type=client_credentials&client_id=connector&client_secret=idp-secret-1&scope=epicor_erp";
    let answer = Desk::answer(desk.anywhere("POST", "idp/connect/token").body(form)).await.unwrap().ok();
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&3600.into(), &"Bearer".into()));
    with_bearer(&desk, answer["access_token"].as_str().unwrap()).await.ok();
}

#[test_case(
    "grant_type=password&client_id=c&client_secret=secret-1&scope=s&audience=a",
    "unsupported_grant_type"
)]
#[test_case(
    "grant_type=client_credentials&client_id=c&client_secret=wrong&scope=s&audience=a",
    "invalid_client"
)]
#[test_case(
    "grant_type=client_credentials&client_id=d&client_secret=secret-1&scope=s&audience=a",
    "invalid_client"
)]
#[test_case("grant_type=client_credentials&client_id=c&client_secret=secret-1&audience=a", "invalid_scope")]
#[test_case("grant_type=client_credentials&client_id=c&client_secret=secret-1&scope=s", "invalid_request")]
#[tokio::test]
async fn the_identity_provider_says_what_it_misses(form: &'static str, error: &str) {
    let expected = |text: &str| Some(text.to_owned());
    let idp = Idp { scope: expected("s"), audience: expected("a"), ..Idp::new("c", "secret-1") };
    let logins = Logins { idp: Some(idp), ..Logins::default() };
    let desk = Desk::with(KineticConfig { logins, ..KineticConfig::new() }).await;
    let Reply(status, body) =
        Desk::answer(desk.anywhere("POST", "idp/connect/token").body(form)).await.unwrap();
    assert_eq!((status, &body["error"]), (400, &error.into()));
    assert!(body["error_description"].is_string());
    assert_eq!(desk.sim.tokens_issued(), 0);
}

#[tokio::test]
async fn a_password_can_change_while_the_company_runs() {
    let desk = Desk::new().await;
    let config = desk.sim.config();
    let ask = async |password: &str, key: &str| {
        let request = desk.bare("GET", PARTS).basic_auth(&config.username, Some(password));
        Desk::answer(request.header("x-api-key", key)).await.unwrap().0
    };
    desk.sim.set_password("another-password");
    assert_eq!(ask(&config.password, &config.api_key).await, 401);
    assert_eq!(ask("another-password", &config.api_key).await, 200);
    desk.sim.set_api_key("another-key-5");
    assert_eq!(ask("another-password", &config.api_key).await, 401);
    assert_eq!(ask("another-password", "another-key-5").await, 200);
    desk.sim.set_logins(Logins::only_server_token());
    assert_eq!(ask("another-password", "another-key-5").await, 401);
}

#[tokio::test]
async fn records_hold_no_token_no_session_and_no_secret_of_a_login() {
    let file = std::env::temp_dir().join(format!("logins-{}.jsonl", std::process::id()));
    let logins = Logins { idp: Some(Idp::new("connector", "idp secret/1")), ..Logins::default() };
    let recorder = Recorder::to_file(&file).unwrap();
    let desk = Desk::with(KineticConfig { recorder, logins, ..KineticConfig::new() }).await;
    let token = token(&desk).await;
    with_bearer(&desk, &token).await.ok();
    desk.get("Erp.BO.PartSvc", "Parts", &[("$filter", &format!("PartNum eq '{token}'"))]).await.ok();
    let typed = token_request(&desk).body("grant_type=password&username=INTEG&password=typed-wrong-77");
    Desk::answer(typed).await.unwrap();
    let form = "grant_type=client_credentials&client_id=connector&client_secret=idp+secret%2F1";
    Desk::answer(desk.anywhere("POST", "idp/connect/token").body(form)).await.unwrap().ok();
    let login = desk.post("Ice.LIB.SessionModSvc", "Login", serde_json::json!({})).await.ok();
    let session = login["returnObj"].as_str().unwrap();
    let info = serde_json::json!({"SessionID": session}).to_string();
    Desk::answer(desk.request("GET", PARTS).header("SessionInfo", info)).await.unwrap().ok();

    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(text.lines().count(), 7);
    let password = desk.sim.config().password.as_str();
    for secret in [token.as_str(), session, password, "typed-wrong-77", "idp+secret", "AccessToken"] {
        assert!(!text.contains(secret), "{secret} was recorded");
    }
}
