//! `connector orders link`.

use std::process::ExitCode;

use connector_domain::OrderNum;
use connector_ports::OrderKey;

use crate::deployment::Deployment;
use crate::screen::{Screen, table};

pub(super) async fn run(
    deployment: &Deployment,
    key: &OrderKey,
    order_num: i32,
    screen: Screen,
) -> anyhow::Result<ExitCode> {
    let linked = deployment.link(key, OrderNum(order_num)).await?;
    screen.show(&linked, |linked| {
        let mark = if linked.shop_total == linked.kinetic_total { "✓" } else { "! the totals differ:" };
        let follows = if linked.follows {
            "it goes on following the shop's edits"
        } else {
            "it was keyed by hand, so later edits in the shop are held"
        };
        let row = vec![
            linked.order.to_string(),
            linked.kinetic_order.to_string(),
            linked.shop_total.to_string(),
            linked.kinetic_total.to_string(),
        ];
        let header = ["web order", "Kinetic order", "shop total", "Kinetic total"];
        format!("{}\n{mark} linked; {follows}", table(&header, [row]))
    })?;
    Ok(ExitCode::SUCCESS)
}
