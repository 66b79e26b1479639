//! The counter of revisions: what moves it, what does not, and what comes late.

use connector_simulators::{
    KineticConfig,
    bigcommerce::dec,
    kinetic::{Part, PriceList, Row, Trace},
};
use serde_json::json;

use crate::{
    catalogue::{LISTS, ODATA, PARTS, texts},
    desk::{Desk, num},
};

const FLAT: &str = "Erp.BO.PriceLstPartsSvc";

/// The parts that changed after a revision, in its order.
async fn changed(desk: &Desk, after: i64) -> Vec<String> {
    let filter = format!("SysRevID gt {after}");
    let options = [("$filter", filter.as_str()), ("$orderby", "SysRevID"), ("$top", "100")];
    texts(&desk.rows(PARTS, "Parts", &options).await, "PartNum")
}

#[tokio::test]
async fn one_counter_is_moved_by_every_write_of_every_table() {
    let desk = Desk::new().await;
    let mut last = desk.sim.revision();
    let mut moved = |what: &str| {
        let now = desk.sim.revision();
        assert!(now > last, "{what}");
        last = now;
    };
    desk.sim.edit_part("ABC-100", |row| row.set("UnitPrice", dec("25")));
    moved("a part");
    desk.sim.stock("ABC-100", "WWH", dec("4"));
    moved("stock");
    desk.sim.office(|office| office.add_price_list(&PriceList::new("WEB")));
    moved("a list");
    desk.sim.office(|office| office.price("WEB", "ABC-100", dec("24")));
    moved("a price");
    desk.sim.office(|office| office.price_break("WEB", "ABC-100", dec("5"), dec("23")));
    moved("a break");
    desk.sim.edit_customer(42, |row| row.set("Name", "Guests"));
    moved("a customer");
    desk.opened("WEBGUEST", "BC-1").await;
    moved("an order");
}

#[tokio::test]
async fn changes_come_in_the_order_of_their_revisions_each_once() {
    let desk = Desk::new().await;
    let start = desk.sim.revision();
    for part in ["HN-M8-ZN", "ABC-100", "HN-M8-ZN"] {
        assert!(desk.sim.edit_part(part, |row| row.set("RunOut", true)));
    }
    desk.sim.add_part(&Part::new("A-NEW", "", dec("1")));
    assert_eq!(changed(&desk, start).await, ["ABC-100", "HN-M8-ZN", "A-NEW"]);
    let highest = [("$orderby", "SysRevID desc"), ("$top", "1"), ("$select", "PartNum")];
    assert_eq!(texts(&desk.rows(PARTS, "Parts", &highest).await, "PartNum"), ["A-NEW"]);
    assert!(!desk.sim.edit_part("NOTHING", |_| ()));

    assert!(desk.sim.delete_part("A-NEW"));
    assert_eq!(changed(&desk, start).await, ["ABC-100", "HN-M8-ZN"], "what is deleted is not seen");
    assert!(desk.rows(PARTS, "PartUOMs", &[("$filter", "PartNum eq 'A-NEW'")]).await.is_empty());
    assert!(!desk.sim.delete_part("A-NEW"));
}

#[tokio::test]
async fn a_late_commit_appears_below_what_was_read_already() {
    let desk = Desk::new().await;
    let start = desk.sim.revision();
    let writes = desk.sim.uncommitted(|office| {
        office.edit_part("ABC-100", |row| row.set("RunOut", true));
        office.edit_part("ABC-100", |row| row.set("WebPart", false));
        office.stock("ABC-100", "MAIN", dec("1"));
    });
    desk.sim.edit_part("GLV-LEA-M", |row| row.set("RunOut", true));
    assert_eq!(changed(&desk, start).await, ["GLV-LEA-M"]);
    let cursor = desk.sim.revision();
    assert_eq!(desk.sim.stock_row("ABC-100", "MAIN").unwrap().decimal("OnHandQty"), dec("58"));

    desk.sim.commit(writes);
    assert!(changed(&desk, cursor).await.is_empty(), "a cursor alone misses it");
    assert_eq!(changed(&desk, start).await, ["ABC-100", "GLV-LEA-M"]);
    assert_eq!(desk.sim.stock_row("ABC-100", "MAIN").unwrap().decimal("OnHandQty"), dec("1"));
    let part = desk.rows(PARTS, "Parts", &[("$filter", "PartNum eq 'ABC-100'")]).await;
    assert_eq!((&part[0]["RunOut"], &part[0]["WebPart"]), (&json!(true), &json!(false)));

    let both = desk.sim.uncommitted(|office| {
        office.add_part(&Part { sales_um: "BX".to_owned(), ..Part::new("A-NEW", "", dec("1")) });
        office.price("TRADE", "A-NEW", dec("2"));
    });
    assert!(desk.rows(FLAT, "PriceLstParts", &[("$filter", "PartNum eq 'A-NEW'")]).await.is_empty());
    desk.sim.commit(both);
    let price = desk.rows(FLAT, "PriceLstParts", &[("$filter", "PartNum eq 'A-NEW'")]).await;
    assert_eq!(texts(&price, "UOMCode"), ["BX"]);

    let rolled_back = desk.sim.uncommitted(|office| {
        office.delete_part("ABC-100");
    });
    drop(rolled_back);
    assert_eq!(desk.sim.part_rows().iter().filter(|row| row.text("PartNum") == "ABC-100").count(), 1);
}

#[tokio::test]
async fn an_edit_leaves_date_and_revision_or_less() {
    let (desk, hands) = Desk::on_a_clock(|_| ()).await;
    let row =
        |desk: &Desk| desk.sim.part_rows().into_iter().find(|row| row.text("PartNum") == "ABC-100").unwrap();
    let marks = |row: &Row| (row.int("SysRevID"), row.get("ChangedOn"), row.text("SysRowID").to_owned());
    let before = row(&desk);
    hands.advance(jiff::SignedDuration::from_secs(90));
    desk.sim.edit_part_leaving("ABC-100", Trace::Nothing, |row| row.set("UserChar1", "x"));
    assert_eq!((marks(&row(&desk)), row(&desk).text("UserChar1")), (marks(&before), "x"));

    desk.sim.edit_part_leaving("ABC-100", Trace::Undated, |row| row.set("OnHold", true));
    let undated = row(&desk);
    assert!(undated.int("SysRevID") > before.int("SysRevID"));
    assert_eq!(undated.get("ChangedOn"), before.get("ChangedOn"));

    desk.sim.edit_part("ABC-100", |row| row.set("OnHold", false));
    let since = ("$filter", "ChangedOn gt 2026-03-16T09:31:00Z");
    let dated = desk.rows(PARTS, "Parts", &[since]).await;
    assert_eq!(texts(&dated, "ChangedOn"), ["2026-03-16T09:31:30"]);
    assert_eq!(dated[0]["CreatedOn"], "2026-03-16T09:30:00");
}

#[tokio::test]
async fn a_site_may_refuse_the_revision_in_a_filter() {
    let desk = Desk::with(KineticConfig { filters_revisions: false, ..KineticConfig::new() }).await;
    let filter = ("$filter", "WebPart eq true and SysRevID gt 1");
    for (service, set) in [(PARTS, "Parts"), (PARTS, "PartWhses"), (FLAT, "PriceLstParts")] {
        let filter = if set == "Parts" { filter } else { ("$filter", "SysRevID gt 1") };
        desk.get(service, set, &[filter]).await.refused(400, ODATA);
    }
    assert_eq!(desk.rows(PARTS, "Parts", &[("$orderby", "SysRevID desc"), ("$top", "1")]).await.len(), 1);
    let stock = [("$filter", "PartWhse_SysRevID gt 1")];
    assert!(
        !desk.rows("BaqSvc/MLC-PartWhse", "Data", &stock).await.is_empty(),
        "a query's column is its own"
    );
}

#[tokio::test]
async fn the_largest_page_cuts_every_kind_of_answer() {
    let desk = Desk::with(KineticConfig { top_cap: Some(2), ..KineticConfig::new() }).await;
    for (service, set) in
        [(PARTS, "Parts"), (PARTS, "PartWhses"), (LISTS, "PLPartBrks"), ("BaqSvc/MLC-PartUOM", "Data")]
    {
        let page = desk.get(service, set, &[("$top", "500"), ("$count", "true")]).await.ok();
        assert_eq!(page["value"].as_array().unwrap().len(), 2, "{set}");
        assert!(page["@odata.count"].as_i64().unwrap() > 2, "{set}");
        assert!(page.get("@odata.nextLink").is_none());
    }
}

#[tokio::test]
async fn a_refreshed_database_stands_below_the_cursor_with_the_same_rows() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "2", "5").await;
    desk.sim.edit_part("HN-M8-ZN", |row| row.set("RunOut", true));
    let (cursor, parts) = (desk.sim.revision(), desk.sim.part_rows().len());
    desk.sim.refresh_database(5_000);
    assert_eq!(desk.sim.revision(), 5_000);
    let highest = [("$orderby", "SysRevID desc"), ("$top", "1")];
    let row = desk.rows(PARTS, "Parts", &highest).await.remove(0);
    assert_eq!((&row["PartNum"], &row["SysRevID"]), (&json!("HN-M8-ZN"), &json!(5_000)));
    assert!(changed(&desk, cursor).await.is_empty());
    assert_eq!(desk.sim.part_rows().len(), parts);
    let head = desk.read(order).await["OrderHed"][0]["SysRevID"].as_i64().unwrap();
    assert!(head < 5_000 && head > 4_000);
    desk.line(order, "GLV-LEA-M", "1", "5").await;
    desk.sim.edit_part("ABC-100", |row| row.set("RunOut", true));
    assert_eq!(changed(&desk, 5_000).await, ["ABC-100"]);

    desk.sim.refresh_database(1);
    assert!(desk.sim.revision() > 1, "so many rows do not fit below");
    assert_eq!(changed(&desk, 0).await.len(), parts);
}
