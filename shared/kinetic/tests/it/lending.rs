//! A company whose server lends tokens and sessions (§2.1, §2.2).

use std::sync::atomic::{AtomicU64, Ordering};

use connector_http::CallError;
use connector_kinetic::{KineticError, Login, Settings};
use serde_json::json;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use crate::support::{Company, PASSWORD, json_answer, text};

pub(crate) const TOKEN_PATH: &str = "/Live/TokenResource.svc/";
pub(crate) const PARTS_PATH: &str = "/Live/api/v2/odata/EPIC06/Erp.BO.PartSvc/Parts";
pub(crate) const SESSION_PATH: &str = "/Live/api/v2/odata/EPIC06/Ice.LIB.SessionModSvc";

pub(crate) const UNAUTHORIZED: &str = "System.UnauthorizedAccessException";

pub(crate) fn by_token(settings: &mut Settings) {
    settings.login = Login::Token { username: "INTEG".to_owned(), password: PASSWORD.into() };
}

/// A refusal in Kinetic's own form.
pub(crate) fn refusal(status: u16, kind: &str, message: &str) -> ResponseTemplate {
    let body = json!({ "HttpStatus": status, "ErrorMessage": message, "ErrorType": kind });
    json_answer(status, body.to_string())
}

/// `token-1`, `token-2`, …, each for so many seconds.
fn numbered_tokens(seconds: u64) -> impl Fn(&Request) -> ResponseTemplate + Send + Sync {
    let lent = AtomicU64::new(0);
    move |_: &Request| {
        let number = lent.fetch_add(1, Ordering::SeqCst) + 1;
        let token = format!("token-{number}");
        let body =
            json!({ "AccessToken": token, "ExpiresIn": seconds, "TokenType": "Bearer", "RefreshToken": "" });
        json_answer(200, body.to_string())
    }
}

/// Why a call failed.
pub(crate) fn call(error: KineticError) -> CallError {
    match error {
        KineticError::Call(error) => error,
        other @ (KineticError::NotSaved { .. } | KineticError::Prompted { .. }) => panic!("{other}"),
    }
}

impl Company {
    /// A caller's smallest errand: a read.
    pub(crate) async fn ask(&self) -> Result<(), CallError> {
        let found = self.client.parts().by_part_nums(&[text("ABC-100")], self.deadline()).await;
        found.map(drop).map_err(call)
    }

    /// So many callers at once.
    pub(crate) async fn ask_together(&self, callers: usize) -> Vec<Result<(), CallError>> {
        let begun: Vec<_> = (0..callers)
            .map(|_| {
                let (client, deadline) = (self.client.clone(), self.deadline());
                tokio::spawn(async move { client.parts().by_part_nums(&[text("ABC-100")], deadline).await })
            })
            .collect();
        let mut came = Vec::new();
        for caller in begun {
            came.push(caller.await.unwrap().map(drop).map_err(call));
        }
        came
    }

    /// Answers whoever asks for a token; what is mounted first wins.
    pub(crate) async fn at_token(&self, answer: impl Respond + 'static) {
        Mock::given(method("POST")).and(path(TOKEN_PATH)).respond_with(answer).mount(&self.server).await;
    }

    pub(crate) async fn lends_tokens(&self, seconds: u64) {
        self.at_token(numbered_tokens(seconds)).await;
    }

    /// One token, and then none.
    pub(crate) async fn lends_one_token(&self) {
        let lends = Mock::given(method("POST")).and(path(TOKEN_PATH));
        lends.respond_with(numbered_tokens(3600)).up_to_n_times(1).mount(&self.server).await;
    }

    /// `session-1`, `session-2`, …
    pub(crate) async fn lends_sessions(&self) {
        let lent = AtomicU64::new(0);
        let login = move |_: &Request| {
            let number = lent.fetch_add(1, Ordering::SeqCst) + 1;
            json_answer(200, json!({ "returnObj": format!("session-{number}") }).to_string())
        };
        let lends = Mock::given(method("POST")).and(path(format!("{SESSION_PATH}/Login")));
        lends.respond_with(login).mount(&self.server).await;
        let ends = Mock::given(method("POST")).and(path(format!("{SESSION_PATH}/Logout")));
        ends.respond_with(json_answer(200, "{}")).mount(&self.server).await;
    }

    /// Refuses all of a path whose header is in the list, with `refusal`; what is mounted first wins.
    pub(crate) async fn refuses(
        &self,
        below: &str,
        header: &'static str,
        values: &[&str],
        refusal: ResponseTemplate,
    ) {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        Mock::given(path(below))
            .and(move |request: &Request| {
                let value = request.headers.get(header).and_then(|value| value.to_str().ok());
                value.is_some_and(|value| values.iter().any(|refused| refused == value))
            })
            .respond_with(refusal)
            .mount(&self.server)
            .await;
    }

    /// Answers every other question with nothing.
    pub(crate) async fn answers_all(&self) {
        let nothing = json_answer(200, r#"{"@odata.count":0,"value":[]}"#);
        Mock::given(any()).and(method("GET")).respond_with(nothing).mount(&self.server).await;
    }

    /// What was sent to a path.
    pub(crate) async fn sent_to(&self, below: &str) -> Vec<Request> {
        self.requests().await.into_iter().filter(|request| request.url.path() == below).collect()
    }

    /// The header of each request to a path.
    pub(crate) async fn headers_of(&self, below: &str, name: &str) -> Vec<String> {
        let value = |request: &Request| {
            request.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        self.sent_to(below).await.iter().map(value).collect()
    }
}
