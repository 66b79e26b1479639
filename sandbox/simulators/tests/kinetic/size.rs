//! A company with 100,000 parts.

use std::time::{Duration, Instant};

use connector_simulators::{
    KineticConfig,
    bigcommerce::dec,
    kinetic::{KineticSeed, Part, Stock},
};

use crate::{
    catalogue::{PARTS, texts},
    desk::Desk,
};

const MANY: usize = 100_000;

fn seed() -> KineticSeed {
    let number = |at: usize| format!("P-{at:06}");
    KineticSeed {
        parts: (0..MANY).map(|at| Part::new(&number(at), "", dec("1.25"))).collect(),
        stock: (0..MANY).map(|at| Stock::new(&number(at), "MAIN", dec("10"))).collect(),
        ..KineticSeed::default()
    }
}

/// The quickest of some readings, and what was read: the machine may be busy.
#[expect(clippy::disallowed_methods, reason = "what is measured is this machine's own time")]
async fn timed(desk: &Desk, service: &str, set: &str, filter: &str, order: &str) -> (Duration, Vec<String>) {
    let column = if service.starts_with("BaqSvc") { "PartWhse_PartNum" } else { "PartNum" };
    let options = [("$filter", filter), ("$orderby", order), ("$top", "100"), ("$select", column)];
    let mut best = Duration::MAX;
    let mut rows = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        rows = desk.rows(service, set, &options).await;
        best = best.min(start.elapsed());
    }
    (best, texts(&rows, column))
}

#[tokio::test]
async fn a_page_costs_what_it_holds_and_not_what_the_table_holds() {
    let desk = Desk::with(KineticConfig { seed: seed(), ..KineticConfig::new() }).await;
    let half = desk.sim.part_rows()[MANY / 2].int("SysRevID");
    let baq = "BaqSvc/MLC-PartWhse";
    let stock = desk.sim.stock_row("P-050000", "MAIN").unwrap().int("SysRevID");
    let (by_revision, of_stock) = (format!("SysRevID gt {half}"), format!("PartWhse_SysRevID gt {stock}"));
    // What sorting the table takes on this machine, now.
    let (sorting, _) = timed(&desk, PARTS, "Parts", "SysRevID gt 1", "UnitPrice,SysRevID desc").await;
    let search = "Erp.BO.PartWhseSearchSvc";
    let chain = "PartNum eq 'P-050001' or PartNum eq 'P-000001' or PartNum eq 'P-099999'";
    for (service, set, filter, order, first) in [
        (PARTS, "Parts", by_revision.as_str(), "SysRevID", "P-050001"),
        (PARTS, "Parts", "SysRevID gt 1", "SysRevID desc", "P-099999"),
        (PARTS, "Parts", "PartNum gt 'P-050000'", "PartNum", "P-050001"),
        (PARTS, "Parts", chain, "PartNum", "P-000001"),
        (PARTS, "PartUOMs", "PartNum gt 'P-050000'", "PartNum", "P-050001"),
        (search, "PartWhseSearches", "PartNum gt 'P-050000'", "PartNum,WarehouseCode", "P-050001"),
        (baq, "Data", of_stock.as_str(), "PartWhse_SysRevID", "P-050001"),
        (baq, "Data", "PartWhse_PartNum gt 'P-099998'", "PartWhse_PartNum", "P-099999"),
    ] {
        let (took, parts) = timed(&desk, service, set, filter, order).await;
        assert_eq!(parts[0], first, "{set} {filter}");
        assert!(took * 5 < sorting, "{set} by {filter} in the order of {order} took {took:?} of {sorting:?}");
    }
}
