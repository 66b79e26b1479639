//! A function's own binary as a process, under a double of Lambda's Runtime API.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use connector_domain::Timestamp;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// When an invocation is given up: far later than any takes.
const AT_LAST: Duration = Duration::from_mins(1);

/// A running function.
#[derive(Debug)]
pub struct Function {
    process: Child,
    said: [JoinHandle<String>; 2],
    events: mpsc::UnboundedSender<Invocation>,
    answers: mpsc::UnboundedReceiver<Result<Value, Value>>,
}

#[derive(Debug)]
struct Invocation {
    event: String,
    deadline: Timestamp,
}

#[derive(Debug)]
struct RuntimeApi {
    events: Mutex<mpsc::UnboundedReceiver<Invocation>>,
    answers: mpsc::UnboundedSender<Result<Value, Value>>,
}

impl Function {
    /// Starts the binary at `program`, with these variables and no others.
    ///
    /// # Errors
    /// It could not be started.
    pub async fn start(program: &str, variables: &[(&'static str, String)]) -> Result<Self> {
        let (events, to_come) = mpsc::unbounded_channel();
        let (told, answers) = mpsc::unbounded_channel();
        let api = Arc::new(RuntimeApi { events: Mutex::new(to_come), answers: told });
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
            .with_state(api);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "under-test")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .envs(variables.iter().map(|(name, value)| (*name, value.as_str())))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().with_context(|| format!("starting {program}"))?;
        let said = [tokio::spawn(all_of(process.stdout.take())), tokio::spawn(all_of(process.stderr.take()))];
        Ok(Self { process, said, events, answers })
    }

    /// Gives it an event, which it must have answered by `deadline`, and returns its answer, or the error it reports.
    ///
    /// # Errors
    /// It ended, or never answered.
    pub async fn invoke(&mut self, event: &Value, deadline: Timestamp) -> Result<Result<Value, Value>> {
        self.events
            .send(Invocation { event: event.to_string(), deadline })
            .context("its Runtime API has ended")?;
        tokio::select! {
            answer = timeout(AT_LAST, self.answers.recv()) => answer.context("no answer in a minute")?.context("no answer"),
            ended = self.process.wait() => bail!("it ended with {}: {}", ended?, self.said().await?),
        }
    }

    /// Ends it, and returns all that it wrote: its logs and metrics.
    ///
    /// # Errors
    /// It cannot be ended.
    pub async fn end(mut self) -> Result<String> {
        self.process.start_kill()?;
        self.said().await
    }

    async fn said(&mut self) -> Result<String> {
        let [out, errors] = &mut self.said;
        Ok(out.await? + &errors.await?)
    }
}

/// Read while it runs, for a full pipe would stop the process.
async fn all_of(pipe: Option<impl AsyncRead + Unpin>) -> String {
    let mut said = Vec::new();
    if let Some(mut pipe) = pipe {
        // What was read before a failure is still what it said.
        let _torn_off = pipe.read_to_end(&mut said).await;
    }
    String::from_utf8_lossy(&said).into_owned()
}

async fn next(State(api): State<Arc<RuntimeApi>>) -> Response {
    let invocation = api.events.lock().await.recv().await;
    let Some(Invocation { event, deadline }) = invocation else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("lambda-runtime-aws-request-id", "00000000-0000-4000-8000-000000000001".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millisecond().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:000000000000:function:under-test".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn response(State(api): State<Arc<RuntimeApi>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    tell(&api, Ok(serde_json::from_slice(&body).unwrap_or_default()))
}

async fn failure(State(api): State<Arc<RuntimeApi>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    tell(&api, Err(serde_json::from_slice(&body).unwrap_or_default()))
}

fn tell(api: &RuntimeApi, answer: Result<Value, Value>) -> StatusCode {
    match api.answers.send(answer) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::GONE,
    }
}
