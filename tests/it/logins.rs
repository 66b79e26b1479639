//! Every way to be let into Kinetic, and what becomes of an order when it ends in the middle.

use connector_ports::{Login, StateName};
use connector_sandbox::connection::{RULES, between};
use connector_simulators::KineticConfig;
use connector_simulators::kinetic::{Idp, Logins};
use secrecy::SecretString;
use test_case::test_case;

use crate::basket::{gloves, line};
use crate::world::{MAIN, Plan, World, id};

fn server_token(world: &World) -> Login {
    let config = world.company.config();
    Login::Token { username: config.username.clone(), password: SecretString::from(config.password.as_str()) }
}

fn connected(world: &World, login: Login, rules: &str) {
    let mut connection = between(id(MAIN), &world.shop, &world.company, rules);
    connection.credentials.kinetic.login = login;
    world.pipeline.connect(connection);
}

async fn with(logins: Logins) -> World {
    let company = KineticConfig { logins, ..KineticConfig::new() };
    World::with(Plan { company, ..Plan::default() }).await
}

#[tokio::test]
async fn a_token_of_the_server_is_fetched_once_for_many_orders() {
    let world = with(Logins::only_server_token()).await;
    connected(&world, server_token(&world), RULES);
    for _ in 0..3 {
        let order = world.order(gloves()).await;
        world.is_synced(order).await;
    }
    assert_eq!(world.company.tokens_issued(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_application_of_an_identity_provider_is_let_in() {
    let idp = Idp::new("the-application", "simulated-client-secret-9c1f");
    let (client_id, client_secret) = (idp.client_id.clone(), SecretString::from(idp.client_secret.as_str()));
    let world = with(Logins::only_idp(idp)).await;
    let token_url = world.company.base_url().join("/idp/connect/token").unwrap();
    let login = Login::ClientCredentials { token_url, client_id, client_secret, scope: None, audience: None };
    connected(&world, login, RULES);
    let order = world.order(gloves()).await;
    world.is_synced(order).await;
    assert_eq!(world.company.tokens_issued(), 1);
    assert!(!world.logs.text().contains("simulated-client-secret-9c1f"));
    world.ends(&[]).await;
}

#[test_case(1; "at the look")]
#[test_case(8; "at the header")]
#[test_case(14; "at a line")]
#[test_case(20; "near the end")]
#[tokio::test]
async fn a_token_that_ends_mid_chain_is_replaced_once_and_nothing_is_written_twice(calls: usize) {
    let world = with(Logins::only_server_token()).await;
    connected(&world, server_token(&world), RULES);
    let order = world.shop.place_order(gloves().with_line(line("DRL-HSS-8.5", 4)));
    world.shop.drain_hooks().await;
    let so_far = async {
        while world.kinetic_calls() < calls {
            tokio::task::yield_now().await;
        }
        world.company.expire_tokens();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = world.pipeline.drain() => {}
        () = so_far => {}
    }
    world.settle().await;
    let view = world.is_synced(order).await;
    assert_eq!(view.lines.len(), 2);
    assert_eq!(world.company.orders().len(), 1);
    assert_eq!(world.company.tokens_issued(), 2, "one more, for all calls");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_session_is_shared_and_made_anew_when_it_has_ended() {
    let world = World::new().await;
    world.connect_again(&RULES.replace("[kinetic]", "[kinetic]\nsession = true"));
    let first = world.order(gloves()).await;
    world.is_synced(first).await;
    assert_eq!(world.company.traffic().count("POST", "SessionModSvc/Login"), 1);
    world.company.expire_sessions();
    let second = world.order(gloves()).await;
    world.is_synced(second).await;
    assert_eq!(world.company.traffic().count("POST", "SessionModSvc/Login"), 2);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_user_who_may_not_log_in_by_password_parks_no_order() {
    let world = with(Logins::only_server_token()).await;
    let order = world.order(gloves()).await;
    assert_eq!(world.state(order).await.name(), StateName::Retrying);
    assert_eq!(world.kinetic_calls(), 1, "and asks once");
    connected(&world, server_token(&world), RULES);
    world.later(std::time::Duration::from_mins(31)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}
