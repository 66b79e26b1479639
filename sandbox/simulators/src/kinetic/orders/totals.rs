//! The money of an order: extended prices, totals and tax, exact and rounded where Kinetic rounds.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::kinetic::{
    company::{Company, Order},
    row::Row,
};

/// To the cent, half away from zero (§8.3).
pub(super) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Puts a unit price into the whole family; there is one currency and no price that includes tax.
pub(super) fn price(row: &mut Row, price: Decimal) {
    row.set_all(["UnitPrice", "DocUnitPrice", "DspUnitPrice", "DocDspUnitPrice"], price);
}

/// Puts a line's discount into the whole family.
pub(super) fn discount(row: &mut Row, discount: Decimal) {
    row.set_all(["Discount", "DocDiscount", "DspDiscount", "DocDspDiscount"], discount);
}

/// Computes the extended price: the price is for one, a hundred or a thousand.
pub(super) fn extend(row: &mut Row) {
    let per = match row.text("PricePerCode") {
        "C" => Decimal::ONE_HUNDRED,
        "M" => Decimal::ONE_THOUSAND,
        _ => Decimal::ONE,
    };
    let extended = cents(row.decimal("DocUnitPrice") * row.decimal("SellingQuantity") / per);
    row.set_all(["ExtPriceDtl", "DocExtPriceDtl", "ExtPrice", "DocExtPrice"], extended);
    let discount = row.decimal("DocDiscount");
    row.set_all(["LessDiscount", "DocLessDiscount"], discount);
    row.set_all(["TotalPrice", "DocTotalPrice"], extended - discount);
}

/// Keeps our quantity in step with the sold one (stock × factor = sold).
pub(super) fn our_quantity(row: &mut Row) {
    let sold = row.decimal("SellingQuantity");
    let ours = sold.checked_div(row.decimal("SellingFactor")).unwrap_or(sold);
    row.set("OrderQty", ours);
}

/// Recomputes a header from its order's rows; `tax` says whether tax is computed as well.
pub(super) fn sum(company: &mut Company, order: &mut Order, tax: bool) {
    let total = |rows: &[Row], column| rows.iter().map(|row| row.decimal(column)).sum::<Decimal>();
    let charges = total(&order.lines, "DocExtPriceDtl");
    let misc = total(&order.charges, "DocMiscAmt");
    let discount = total(&order.lines, "DocDiscount");
    if tax {
        let taxed = |row: &&Row| {
            let code = company.find("MiscChrg", "MiscCode", row.text("MiscCode"));
            code.is_some_and(|code| !code.text("TaxCatID").is_empty())
        };
        let taxed_misc: Decimal =
            order.charges.iter().filter(taxed).map(|row| row.decimal("DocMiscAmt")).sum();
        let region = order.head.text("TaxRegionCode");
        let rate = company.config.tax_rates.get(region).copied().unwrap_or_default();
        let amount = cents((charges - discount + taxed_misc) * rate);
        order.head.set_all(["TotalTax", "DocTotalTax"], amount);
        company.taxings += 1;
    }
    let head = &mut order.head;
    head.set_all(["TotalCharges", "DocTotalCharges"], charges);
    head.set_all(["TotalMisc", "DocTotalMisc"], misc);
    head.set_all(["TotalDiscount", "DocTotalDiscount"], discount);
    let order_amount = charges + misc - discount;
    head.set_all(["OrderAmt", "DocOrderAmt"], order_amount);
    let whole = order_amount + head.decimal("DocTotalTax");
    head.set_all(["TotalOrder", "DocTotalOrder", "TotalNet", "DocTotalNet"], whole);
    head.set("HasOrderLines", !order.lines.is_empty());
    head.set("HasMiscCharges", !order.charges.is_empty());
    head.set("TotalLines", i32::try_from(order.lines.len()).unwrap_or(i32::MAX));
    head.set("TotalReleases", i32::try_from(order.releases.len()).unwrap_or(i32::MAX));
}
