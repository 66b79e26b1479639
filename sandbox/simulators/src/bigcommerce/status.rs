//! The fifteen order statuses.

/// The label of a status id (`docs/facts/bigcommerce.md` §3.4); `None` beyond 14.
pub fn status_name(status_id: u8) -> Option<&'static str> {
    let name = match status_id {
        0 => "Incomplete",
        1 => "Pending",
        2 => "Shipped",
        3 => "Partially Shipped",
        4 => "Refunded",
        5 => "Cancelled",
        6 => "Declined",
        7 => "Awaiting Payment",
        8 => "Awaiting Pickup",
        9 => "Awaiting Shipment",
        10 => "Completed",
        11 => "Awaiting Fulfillment",
        12 => "Manual Verification Required",
        13 => "Disputed",
        14 => "Partially Refunded",
        _ => return None,
    };
    Some(name)
}
