//! The company's checks.

use std::collections::BTreeSet;

use connector_domain::{Deadline, ExternalRef, OrderId, Text};
use connector_http::Class;
use connector_kinetic::{CodeTable, Kinetic, KineticError, Method};
use connector_sync::connected::Connected;
use connector_sync::rules::{GuestRule, Rules};

use super::check::{Checks, System};
use super::named;
use super::todo::{Whose, todo};

const KINETIC: System = System::Kinetic;

/// `plain` is the same company asked without naming a site.
pub(super) async fn check(connected: &Connected, plain: &Connected, deadline: Deadline, checks: &mut Checks) {
    let rules = &connected.rules;
    // No order has the number 0, so this finds nothing; that it is answered proves address, key, identity and company.
    let nobody = ExternalRef::of(&rules.orders.prefix, OrderId(0));
    match plain.kinetic.sales_orders().find(&nobody, rules.orders.anchor, deadline).await {
        Ok(_) => {
            for (check, words) in [
                ("reachable", "answers"),
                ("API key", "let in"),
                ("login", "let in"),
                ("company", "exists"),
                ("may read orders", "yes"),
            ] {
                checks.passed(KINETIC, check, words);
            }
        }
        Err(error) if cause(&error) == "kinetic.access_denied" => {
            checks.passed(KINETIC, "API key", "let in");
            checks.passed(KINETIC, "login", "let in");
            failed(checks, "may read orders", &error);
        }
        Err(error) => {
            failed(checks, first(&error), &error);
            return checks.not_checked(KINETIC, "everything else", "Kinetic does not let us in");
        }
    }
    checks.not_checked(KINETIC, "clocks", "no method is known that tells Kinetic's time");
    checks.not_checked(KINETIC, "may write orders", "only saving shows it");
    if !site(rules, &plain.kinetic, deadline, checks).await {
        return checks.not_checked(KINETIC, "everything else", "each call names the site");
    }
    profile(&connected.kinetic, deadline, checks).await;
    house_account(rules, &connected.kinetic, deadline, checks).await;
    for table in CodeTable::ALL {
        codes(table, rules, &connected.kinetic, deadline, checks).await;
    }
    for (check, wanted) in [
        ("territory", &rules.shoppers.territory.as_ref().map(Text::as_str)),
        ("customer group", &rules.shoppers.group.as_ref().map(Text::as_str)),
    ] {
        if let Some(code) = wanted {
            checks.not_checked(
                KINETIC,
                check,
                &format!("{code}: how to look it up is not known; the first new customer shows it"),
            );
        }
    }
}

/// Which check a failed first call belongs to.
fn first(error: &KineticError) -> &'static str {
    match (cause(error), error.class()) {
        ("kinetic.bad_api_key", _) => "API key",
        (_, Class::Unauthorized)
        | ("kinetic.idp_refused" | "kinetic.no_token" | "kinetic.token_address", _) => "login",
        ("kinetic.unknown_method", _) => "company",
        _ => "reachable",
    }
}

/// Whether the site exists, or none is named.
async fn site(rules: &Rules, kinetic: &Kinetic, deadline: Deadline, checks: &mut Checks) -> bool {
    let Some(plant) = &rules.kinetic.plant else {
        checks.noted(
            KINETIC,
            "site",
            "none is named: the integration user's own counts",
            "name kinetic.plant in the rules if it shall not depend on the user",
        );
        return true;
    };
    let wanted = BTreeSet::from([plant.clone()]);
    match kinetic.codes().missing(CodeTable::Plants, &wanted, deadline).await {
        Ok(missing) if missing.is_empty() => checks.passed(KINETIC, "site", plant),
        Ok(_) => {
            checks.failed(
                KINETIC,
                "site",
                &format!("there is no site {plant}"),
                "correct kinetic.plant in the rules",
            );
            return false;
        }
        Err(error) => failed(checks, "site", &error),
    }
    true
}

/// What this release's methods take, against what we send.
async fn profile(kinetic: &Kinetic, deadline: Deadline, checks: &mut Checks) {
    const CHECK: &str = "method parameters";
    let (mut compared, mut wrong, mut descriptions) = (0_usize, Vec::new(), Vec::new());
    for service in ["Erp.BO.SalesOrderSvc/", "Erp.BO.CustomerSvc/"] {
        let Some(first) = Method::ALL.into_iter().find(|method| method.path().starts_with(service)) else {
            continue;
        };
        match kinetic.description().of_the_service(first, deadline).await {
            Ok(description) => descriptions.push((service, description)),
            Err(error) => {
                return checks.not_checked(
                    KINETIC,
                    CHECK,
                    &format!("the site does not show its swagger: {error}"),
                );
            }
        }
    }
    for (service, description) in &descriptions {
        for method in Method::ALL.into_iter().filter(|method| method.path().starts_with(service)) {
            let described = match description.parameters(method) {
                Ok(described) => described,
                Err(error) => {
                    return checks.not_checked(
                        KINETIC,
                        CHECK,
                        &format!("the site's swagger cannot be read: {error}"),
                    );
                }
            };
            let sent: BTreeSet<String> = kinetic.parameters(method).into_iter().map(str::to_owned).collect();
            compared = compared.saturating_add(1);
            let joined =
                |set: Vec<&String>| set.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let (more, less) = (
                described.difference(&sent).collect::<Vec<_>>(),
                sent.difference(&described).collect::<Vec<_>>(),
            );
            if !more.is_empty() {
                wrong.push(format!("{} also takes {}", method.name(), joined(more)));
            }
            if !less.is_empty() {
                wrong.push(format!("{} does not take {}", method.name(), joined(less)));
            }
        }
    }
    let told = wrong.join("; ");
    if wrong.is_empty() {
        checks.passed(KINETIC, CHECK, &format!("{compared} methods take what we send"));
    } else if told.contains("also takes checkPartSaleable") {
        checks.failed(KINETIC, CHECK, &told, "set kinetic.check_part_saleable = true in the rules");
    } else if told.contains("does not take checkPartSaleable") {
        checks.failed(KINETIC, CHECK, &told, "set kinetic.check_part_saleable = false in the rules");
    } else {
        checks.failed(
            KINETIC,
            CHECK,
            &told,
            "this release is not known to the connector: ask for an update that knows it",
        );
    }
}

/// Whether guests' orders have somebody to be written to.
async fn house_account(rules: &Rules, kinetic: &Kinetic, deadline: Deadline, checks: &mut Checks) {
    const CHECK: &str = "house account";
    let (GuestRule::HouseAccount(cust_id) | GuestRule::Customer { house_account: Some(cust_id) }) =
        &rules.guests
    else {
        return;
    };
    let found = match kinetic.customers().by_cust_id(cust_id, deadline).await {
        Ok(found) => found,
        Err(error) => return failed(checks, CHECK, &error),
    };
    let Some(found) = found else {
        return checks.failed(
            KINETIC,
            CHECK,
            &format!("there is no customer {cust_id}"),
            "create it, or correct guests.cust_id in the rules",
        );
    };
    let mut wrong = Vec::new();
    if found.inactive || found.customer_type != "CUS" {
        wrong.push("is no active customer of type CUS".to_owned());
    }
    if !found.allow_ots {
        wrong.push("does not allow one-time ship-tos".to_owned());
    }
    if found.currency != rules.orders.kinetic_currency {
        wrong.push(format!("is in {}, not in {}", found.currency, rules.orders.kinetic_currency));
    }
    if wrong.is_empty() {
        checks.passed(KINETIC, CHECK, cust_id.as_str());
    } else {
        let words = format!("{cust_id} {}", wrong.join(", "));
        checks.failed(
            KINETIC,
            CHECK,
            &words,
            "correct the customer in Kinetic: guests' orders are held until then",
        );
    }
}

async fn codes(table: CodeTable, rules: &Rules, kinetic: &Kinetic, deadline: Deadline, checks: &mut Checks) {
    let Some(check) = named::check(table) else { return };
    let named = named::of(table, rules);
    let wanted: BTreeSet<String> = named.keys().cloned().collect();
    if wanted.is_empty() {
        return checks.not_checked(KINETIC, check, "the rules name none");
    }
    match kinetic.codes().missing(table, &wanted, deadline).await {
        Ok(missing) if missing.is_empty() => {
            checks.passed(KINETIC, check, &wanted.into_iter().collect::<Vec<_>>().join(", "));
        }
        Ok(missing) => {
            let places: Vec<_> = missing
                .iter()
                .map(|code| format!("{code} ({})", named.get(code).map_or("", String::as_str)))
                .collect();
            let words = format!("Kinetic does not have {}", places.join(", "));
            checks.failed(
                KINETIC,
                check,
                &words,
                "create it in Kinetic, or correct the rules and put the connection again",
            );
        }
        Err(error) => failed(checks, check, &error),
    }
}

fn cause(error: &KineticError) -> &'static str {
    match error {
        KineticError::Call(error) => error.cause,
        KineticError::NotSaved { .. } | KineticError::Prompted { .. } => "",
    }
}

pub(super) fn failed(checks: &mut Checks, check: &str, error: &KineticError) {
    checks.failed(KINETIC, check, &error.to_string(), todo(Whose::Company, error.class(), cause(error)));
}
