//! Where identities are exchanged for tokens: `TokenResource.svc` and the identity provider (§2.2, §2.3).

use axum::{
    body::Body,
    http::{HeaderMap, Method as Verb, StatusCode, header},
    response::Response,
};
use serde_json::json;

use super::{
    auth,
    company::Company,
    refusal::{Refusal, json},
    routes::Asked,
};

/// Answers if the path is one of the two endpoints and the company has it.
pub(crate) fn answer(company: &mut Company, asked: &Asked) -> Option<Response> {
    if asked.verb != Verb::POST {
        return None;
    }
    let path = asked.path.trim_matches('/');
    let logins = &company.config.logins;
    if path == format!("{}/TokenResource.svc", company.config.instance) && logins.server_token {
        Some(of_server(company, asked))
    } else if path == "idp/connect/token" && logins.idp.is_some() {
        Some(of_idp(company, asked))
    } else {
        None
    }
}

fn of_server(company: &mut Company, asked: &Asked) -> Response {
    let known = credentials(asked).is_some_and(|(user, password)| auth::knows(company, &user, &password));
    if !known {
        return Refusal::bad_credentials().response("TokenResource.svc", company.next_correlation());
    }
    let token = issue(company);
    let lifetime = company.config.token_lifetime;
    let wants_json =
        text(&asked.headers, header::ACCEPT.as_str()).is_some_and(|kinds| kinds.contains("json"));
    if wants_json {
        let body = json!({
            "AccessToken": token, "ExpiresIn": lifetime, "TokenType": "Bearer", "RefreshToken": "",
        });
        return json(StatusCode::OK, body.to_string());
    }
    // A token has no character that XML would have to escape.
    let mut response = Response::new(Body::from(format!(
        "<Token><AccessToken>{token}</AccessToken><ExpiresIn>{lifetime}</ExpiresIn><RefreshToken></RefreshToken>\
         <TokenType>Bearer</TokenType></Token>"
    )));
    let kind = header::HeaderValue::from_static("application/xml; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// User and password in each of the ways that clients were seen to send them.
fn credentials(asked: &Asked) -> Option<(String, String)> {
    let header = |name| text(&asked.headers, name).map(str::to_owned);
    let by_form = || {
        let field = |name| form(&asked.body, name);
        field("grant_type").filter(|kind| kind == "password")?;
        field("username").zip(field("password"))
    };
    header("username").zip(header("password")).or_else(|| auth::basic(&asked.headers)).or_else(by_form)
}

fn of_idp(company: &mut Company, asked: &Asked) -> Response {
    let sent = |name| form(&asked.body, name).unwrap_or_default();
    let Some(idp) = company.config.logins.idp.clone() else { return Response::default() };
    let missed = |expected: &Option<String>, name| expected.as_ref().is_some_and(|text| *text != sent(name));
    let refused = if sent("grant_type") != "client_credentials" {
        Some(("unsupported_grant_type", "The grant type is not supported."))
    } else if sent("client_id") != idp.client_id || sent("client_secret") != idp.client_secret {
        Some(("invalid_client", "The client is unknown or its secret is wrong."))
    } else if missed(&idp.scope, "scope") {
        Some(("invalid_scope", "The scope is not allowed."))
    } else if missed(&idp.audience, "audience") {
        Some(("invalid_request", "The audience is unknown."))
    } else {
        None
    };
    if let Some((error, words)) = refused {
        let body = json!({"error": error, "error_description": words});
        return json(StatusCode::BAD_REQUEST, body.to_string());
    }
    let token = issue(company);
    let body = json!({
        "access_token": token, "expires_in": company.config.token_lifetime, "token_type": "Bearer",
    });
    json(StatusCode::OK, body.to_string())
}

fn issue(company: &mut Company) -> String {
    let config = &company.config;
    let token = company.tokens.issue(&config.username, config.token_lifetime, config.clock.now());
    config.recorder.redact(&token);
    token
}

fn form(body: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(body).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
