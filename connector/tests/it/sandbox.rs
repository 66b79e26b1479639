//! `--sandbox URL`, against everything on one machine.

use std::sync::Arc;

use connector_domain::{OrderId, SeededRandom};
use connector_http::{Surroundings, SystemClock};
use connector_ports::{DedupId, Lane, OrderMessage, Origin, QueueName};
use connector_sandbox::Pipeline;
use connector_sandbox::up::{Options, Up};
use connector_simulators::{Recorder, Seed};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;

use crate::run::{CONNECTION, Desk};

/// A running sandbox, the changes that it tells, and the desk beside it.
struct Sandbox {
    desk: Desk,
    page: String,
    told: Value,
    pipeline: Pipeline,
    changes: UnboundedReceiver<Value>,
    stop: oneshot::Sender<()>,
}

impl Sandbox {
    async fn start() -> Self {
        let surroundings =
            Surroundings { clock: Arc::new(SystemClock), random: Arc::new(SeededRandom::new(20_260_331)) };
        let options =
            Options { port: 0, seed: Seed::built_in(), recorder: Recorder::in_memory(), surroundings };
        let up = Up::start(options).await.unwrap();
        let told = serde_json::to_value(up.trials()).unwrap();
        let pipeline = up.pipeline().clone();
        let (change, changes) = unbounded_channel();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(up.run(async { drop(stopped.await) }, move |told| {
            drop(change.send(serde_json::to_value(told).unwrap()));
        }));
        let page = told["connector"]["status_page"].as_str().unwrap().to_owned();
        Self { desk: Desk::new(), page, told, pipeline, changes, stop }
    }

    fn with<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        [&["--sandbox", self.page.as_str()], arguments].concat()
    }

    async fn good(&self, arguments: &[&str]) -> String {
        self.desk.good(&self.with(arguments)).await
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        self.desk.json(&self.with(arguments)).await
    }

    async fn bad(&self, arguments: &[&str]) -> String {
        self.desk.bad(&self.with(arguments)).await
    }

    /// Sends a delivery that `events sign` wrote, and gives the answer's first line.
    async fn deliver(&self, delivery: &str) -> String {
        let webhook: url::Url = self.told["connector"]["webhooks"].as_str().unwrap().parse().unwrap();
        let (headers, body) = delivery.trim_end().split_once("\n\n").unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", webhook.port().unwrap())).await.unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: {}\r\n{}\r\n\r\n{body}",
            webhook.path(),
            body.len(),
            headers.replace('\n', "\r\n")
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.lines().next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_sandbox_keeps_a_rotation_that_is_under_way() {
    let sandbox = Sandbox::start().await;
    let told = sandbox.good(&["connection", "rotate", "header"]).await;
    assert!(told.contains("the secret header of") && told.contains("wait; from"), "{told}");
    let status = sandbox.json(&["connection", "rotate", "status"]).await;
    assert!(status["header"]["until"].is_string(), "{status}");
    sandbox.stop.send(()).unwrap();
}

#[tokio::test]
async fn a_signed_event_goes_in_and_its_order_is_listed_shown_replayed_and_linked() {
    let mut sandbox = Sandbox::start().await;
    assert_eq!(sandbox.json(&["connection", "list"]).await[0]["id"], "sandbox");
    let sign = ["events", "sign", "100", "--method", "bc-signature", "--out", "event.txt"];
    sandbox.good(&sign).await;
    let delivery = std::fs::read_to_string(sandbox.desk.path("event.txt")).unwrap();
    assert_eq!(
        sandbox.deliver(&delivery.replace("order/updated", "order/forged")).await,
        "HTTP/1.1 401 Unauthorized"
    );
    assert_eq!(sandbox.deliver(&delivery).await, "HTTP/1.1 200 OK");
    let change = sandbox.changes.recv().await.unwrap();
    assert_eq!((&change["order"], &change["state"]), (&100.into(), &"synced".into()));

    let list = sandbox.json(&["orders", "list", "--all"]).await;
    let number = list["orders"][0]["kinetic_order"].to_string();
    assert_eq!(list["orders"][0]["order"], 100);
    assert!(sandbox.good(&["orders", "show", "100"]).await.contains("new → synced"));
    assert!(sandbox.good(&["orders", "replay", "100"]).await.contains("✓ sent 1"));
    let told = sandbox.bad(&["orders", "link", "101", "7"]).await;
    assert!(told.contains("Kinetic has no order 7"), "{told}");
    let told = sandbox.bad(&["orders", "link", "101", &number]).await;
    assert!(told.contains("bears the reference BC-100 of another web order"), "{told}");
    assert!(sandbox.good(&["orders", "link", "100", &number]).await.contains("goes on following"));
    assert!(sandbox.bad(&["orders", "show", "999"]).await.contains("never heard of order 999"));
    drop(sandbox.stop);
}

#[tokio::test]
async fn both_systems_are_pinged_hooks_are_listed_and_a_connection_is_put() {
    let sandbox = Sandbox::start().await;
    let told = sandbox.good(&["ping"]).await;
    assert!(
        told.contains("nothing that was checked is wrong") && told.contains("each hook sends it"),
        "{told}"
    );
    assert_eq!(sandbox.json(&["hooks", "list"]).await[0]["scope"], "store/order/*");
    sandbox.good(&["connection", "put", "connection.toml"]).await;
    let listed = sandbox.json(&["connection", "list"]).await;
    assert_eq!((&listed[0]["id"], &listed[1]["id"]), (&"main-store".into(), &"sandbox".into()));
    let signed = sandbox.json(&["events", "sign", "7", "-c", "main-store"]).await;
    assert!(signed["headers"].get("webhook-signature").is_some(), "{signed}");
    sandbox.desk.file("again.toml", &CONNECTION.replace("main-store", "second-store"));
    assert!(sandbox.bad(&["connection", "put", "again.toml"]).await.contains("orders.prefix"));
    drop(sandbox.stop);
}

#[tokio::test]
async fn a_dead_letter_is_listed_and_sent_back_and_its_order_goes_to_kinetic() {
    let mut sandbox = Sandbox::start().await;
    assert!(sandbox.good(&["dlq", "list"]).await.contains("there are no dead letters"));
    let dedup = || DedupId::received("id-1".to_owned());
    let message = OrderMessage::new("sandbox".parse().unwrap(), OrderId(100), Origin::Hook, dedup());
    for body in [message.to_body(), "hello".to_owned()] {
        let lane = Lane::received("sandbox/0".to_owned());
        sandbox.pipeline.queue().send_to_dead_letters(QueueName::Orders, body, lane, dedup());
    }
    let list = sandbox.json(&["dlq", "list"]).await;
    assert_eq!(
        (&list["letters"][0]["order"], &list["letters"][1]["reason"]),
        (&100.into(), &"unreadable".into())
    );
    assert!(sandbox.good(&["dlq", "redrive"]).await.contains("nothing was done"));
    let done = sandbox.json(&["dlq", "redrive", "--yes", "--queue", "orders"]).await;
    assert_eq!((&done["done"][0]["sent"], &done["done"][0]["left"]["unreadable"]), (&1.into(), &1.into()));
    let change = sandbox.changes.recv().await.unwrap();
    assert_eq!((&change["order"], &change["state"]), (&100.into(), &"synced".into()));
    assert_eq!(sandbox.pipeline.queue().dead_letters(QueueName::Orders).len(), 1);
    drop(sandbox.stop);
}

#[tokio::test]
async fn an_address_without_a_sandbox_is_told_as_such() {
    let desk = Desk::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let told = desk.bad(&["connection", "list", "--sandbox", &format!("http://{free}/")]).await;
    assert!(told.contains("is `cargo sandbox up` running"), "{told}");
    let told = desk.bad(&["connection", "list", "--sandbox", "https://example.com/"]).await;
    assert!(told.contains("that `cargo sandbox up` printed"), "{told}");
}

#[tokio::test]
async fn hooks_are_audited_and_pointed_to_a_receiver_that_answers() {
    let sandbox = Sandbox::start().await;
    let here = sandbox.told["connector"]["webhooks"].as_str().unwrap().to_owned();
    let told = sandbox.good(&["hooks", "audit", "--url", &here]).await;
    for words in
        ["✓ the hooks are as wanted", "takes what the store would send", "not checked: hooks of another"]
    {
        assert!(told.contains(words), "{words} in {told}");
    }
    let there = here.replace("127.0.0.1", "localhost");
    let told = sandbox.bad(&["hooks", "audit", "--url", &there]).await;
    assert!(told.contains(&format!("point it here, from {here}")) && told.contains("say --apply"), "{told}");
    let told = sandbox.json(&["hooks", "audit", "--url", &there, "--apply"]).await;
    assert_eq!(
        (&told["steps"][0]["step"], &told["steps"][0]["outcome"]),
        (&"repoint".into(), &"done".into())
    );
    assert_eq!(sandbox.json(&["hooks", "audit", "--url", &there]).await["steps"], Value::Array(Vec::new()));
}
