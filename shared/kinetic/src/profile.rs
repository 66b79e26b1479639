//! Which parameters a method takes, as data.

use std::collections::BTreeMap;

/// A method this client calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the name of a method in docs/facts/kinetic.md §8.2 or §7.2")]
pub enum Method {
    GetNewOrderHed,
    ChangeOrderHedCustomerCustID,
    ChangeHedUseOTS,
    GetNewOrderDtl,
    ChangePartNumMaster,
    ChangeSellingQtyMaster,
    ChangeUnitPrice,
    ChangeDiscountAmount,
    GetNewOHOrderMsc,
    ChangeMiscCode,
    ChangeMiscAmount,
    MasterUpdate,
    SetReadyToCalc,
    GetNewCustomer,
    GetCustomerTerritory,
    UpdateCustomer,
    UpdateOrder,
    CloseOrder,
    CheckDupCustomer,
}

impl Method {
    /// Every method, for tables and tests.
    pub const ALL: [Self; 19] = [
        Self::GetNewOrderHed,
        Self::ChangeOrderHedCustomerCustID,
        Self::ChangeHedUseOTS,
        Self::GetNewOrderDtl,
        Self::ChangePartNumMaster,
        Self::ChangeSellingQtyMaster,
        Self::ChangeUnitPrice,
        Self::ChangeDiscountAmount,
        Self::GetNewOHOrderMsc,
        Self::ChangeMiscCode,
        Self::ChangeMiscAmount,
        Self::MasterUpdate,
        Self::SetReadyToCalc,
        Self::GetNewCustomer,
        Self::GetCustomerTerritory,
        Self::UpdateCustomer,
        Self::UpdateOrder,
        Self::CloseOrder,
        Self::CheckDupCustomer,
    ];

    /// The name in logs and errors: verb and path below the company.
    pub const fn label(self) -> &'static str {
        match self {
            Self::GetNewOrderHed => "POST Erp.BO.SalesOrderSvc/GetNewOrderHed",
            Self::ChangeOrderHedCustomerCustID => "POST Erp.BO.SalesOrderSvc/ChangeOrderHedCustomerCustID",
            Self::ChangeHedUseOTS => "POST Erp.BO.SalesOrderSvc/ChangeHedUseOTS",
            Self::GetNewOrderDtl => "POST Erp.BO.SalesOrderSvc/GetNewOrderDtl",
            Self::ChangePartNumMaster => "POST Erp.BO.SalesOrderSvc/ChangePartNumMaster",
            Self::ChangeSellingQtyMaster => "POST Erp.BO.SalesOrderSvc/ChangeSellingQtyMaster",
            Self::ChangeUnitPrice => "POST Erp.BO.SalesOrderSvc/ChangeUnitPrice",
            Self::ChangeDiscountAmount => "POST Erp.BO.SalesOrderSvc/ChangeDiscountAmount",
            Self::GetNewOHOrderMsc => "POST Erp.BO.SalesOrderSvc/GetNewOHOrderMsc",
            Self::ChangeMiscCode => "POST Erp.BO.SalesOrderSvc/ChangeMiscCode",
            Self::ChangeMiscAmount => "POST Erp.BO.SalesOrderSvc/ChangeMiscAmount",
            Self::MasterUpdate => "POST Erp.BO.SalesOrderSvc/MasterUpdate",
            Self::SetReadyToCalc => "POST Erp.BO.SalesOrderSvc/SetReadyToCalc",
            Self::GetNewCustomer => "POST Erp.BO.CustomerSvc/GetNewCustomer",
            Self::GetCustomerTerritory => "POST Erp.BO.CustomerSvc/GetCustomerTerritory",
            Self::UpdateCustomer => "POST Erp.BO.CustomerSvc/Update",
            Self::UpdateOrder => "POST Erp.BO.SalesOrderSvc/Update",
            Self::CloseOrder => "POST Erp.BO.SalesOrderSvc/CloseOrder",
            Self::CheckDupCustomer => "POST Erp.BO.CustomerSvc/CheckDupCustomer",
        }
    }

    /// The path below the company: `Erp.BO.SalesOrderSvc/MasterUpdate`.
    pub fn path(self) -> &'static str {
        let label = self.label();
        label.split_once(' ').map_or(label, |(_, path)| path)
    }

    /// The name alone: `MasterUpdate`.
    pub fn name(self) -> &'static str {
        let path = self.path();
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }
}

/// What a parameter holds where a call does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// The tableset of the call.
    Tableset,
    /// A text.
    Text(&'static str),
    /// A number.
    Whole(i32),
    /// A flag.
    Flag(bool),
}

/// One parameter of a method. Case matters (§12.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Exactly as the site's swagger lists it.
    pub name: &'static str,
    /// What is sent where a call does not say.
    pub default: Preset,
}

/// The parameters of every method that this client calls, for one release of Kinetic.
///
/// Releases add parameters, and a missing or an unknown one is an error on some (§8.2): so exactly this set is sent. A value that a call
/// has for a parameter that is not listed here is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodProfiles(BTreeMap<Method, Vec<Parameter>>);

impl MethodProfiles {
    /// As a real site's swagger listed them in 2024 (§8.2, §7.2).
    pub fn dump() -> Self {
        Self(Method::ALL.into_iter().map(|method| (method, listed(method))).collect())
    }

    /// A newer release, whose `ChangePartNumMaster` takes `checkPartSaleable` too (§8.2).
    pub fn part_saleable() -> Self {
        Self::dump().with(
            Method::ChangePartNumMaster,
            Parameter { name: "checkPartSaleable", default: Preset::Flag(true) },
        )
    }

    /// This profile with one parameter more, for what a site's own swagger adds.
    #[must_use]
    pub fn with(mut self, method: Method, parameter: Parameter) -> Self {
        self.0.entry(method).or_default().push(parameter);
        self
    }

    /// The parameters of `method`.
    pub fn parameters(&self, method: Method) -> &[Parameter] {
        self.0.get(&method).map(Vec::as_slice).unwrap_or_default()
    }
}

const fn p(name: &'static str, default: Preset) -> Parameter {
    Parameter { name, default }
}

/// The order of §8.2; defaults are those of the bodies in §8.4.
fn listed(method: Method) -> Vec<Parameter> {
    use Preset::{Flag, Tableset, Text, Whole};
    let ds = p("ds", Tableset);
    match method {
        Method::GetNewOrderHed
        | Method::ChangeHedUseOTS
        | Method::ChangeUnitPrice
        | Method::ChangeDiscountAmount
        | Method::GetNewCustomer
        | Method::UpdateCustomer
        | Method::UpdateOrder => vec![ds],
        Method::ChangeOrderHedCustomerCustID => {
            vec![p("orderNum", Whole(0)), p("proposedCustomerCustID", Text("")), ds]
        }
        Method::GetNewOrderDtl => vec![ds, p("orderNum", Whole(0))],
        Method::ChangePartNumMaster => vec![
            p("partNum", Text("")),
            p("lSubstitutePartExist", Flag(false)),
            p("lIsPhantom", Flag(false)),
            p("uomCode", Text("")),
            p("SysRowID", Text("00000000-0000-0000-0000-000000000000")),
            p("rowType", Text("")),
            p("salesKitView", Flag(false)),
            p("removeKitComponents", Flag(false)),
            // Unattended: nobody could answer.
            p("suppressUserPrompts", Flag(true)),
            p("getPartXRefInfo", Flag(true)),
            p("checkPartRevisionChange", Flag(true)),
            p("checkChangeKitParent", Flag(true)),
            ds,
        ],
        Method::ChangeSellingQtyMaster => vec![
            ds,
            p("ipSellingQuantity", Whole(0)),
            p("chkSellQty", Flag(false)),
            p("negInvTest", Flag(false)),
            p("chgSellQty", Flag(true)),
            p("chgDiscPer", Flag(true)),
            p("suppressUserPrompts", Flag(true)),
            p("lKeepUnitPrice", Flag(true)),
            p("pcPartNum", Text("")),
            p("pcWhseCode", Text("")),
            p("pcBinNum", Text("")),
            p("pcLotNum", Text("")),
            p("pcAttributeSetID", Whole(0)),
            p("pcDimCode", Text("")),
            p("pdDimConvFactor", Whole(1)),
        ],
        Method::GetNewOHOrderMsc => vec![ds, p("orderNum", Whole(0)), p("orderLine", Whole(0))],
        Method::ChangeMiscCode | Method::ChangeMiscAmount => vec![ds, p("tableName", Text("OHOrderMsc"))],
        Method::MasterUpdate => vec![
            p("lCheckForOrderChangedMsg", Flag(false)),
            p("lcheckForResponse", Flag(false)),
            p("cTableName", Text("")),
            p("iCustNum", Whole(0)),
            p("iOrderNum", Whole(0)),
            p("lweLicensed", Flag(false)),
            ds,
        ],
        Method::SetReadyToCalc => vec![p("ipOrderNum", Whole(0)), ds],
        Method::GetCustomerTerritory => vec![ds, p("custNum", Whole(0))],
        Method::CloseOrder => vec![p("iOrderNum", Whole(0))],
        Method::CheckDupCustomer => {
            ["vName", "custId", "vRowid", "vAddress1", "vZip"].map(|name| p(name, Text(""))).to_vec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(profiles: &MethodProfiles, method: Method) -> Vec<&'static str> {
        profiles.parameters(method).iter().map(|parameter| parameter.name).collect()
    }

    #[test]
    fn every_method_is_listed_once_and_takes_a_tableset_unless_it_only_names_or_compares() {
        let profiles = MethodProfiles::dump();
        assert_eq!(profiles.0.len(), Method::ALL.len());
        for method in Method::ALL {
            let tablesets =
                profiles.parameters(method).iter().filter(|p| p.default == Preset::Tableset).count();
            let expected = usize::from(!matches!(method, Method::CloseOrder | Method::CheckDupCustomer));
            assert_eq!(tablesets, expected, "{}", method.label());
        }
    }

    #[test]
    fn the_newer_profile_adds_one_parameter_and_changes_nothing_else() {
        let (old, new) = (MethodProfiles::dump(), MethodProfiles::part_saleable());
        for method in Method::ALL {
            let mut expected = names(&old, method);
            if method == Method::ChangePartNumMaster {
                expected.push("checkPartSaleable");
            }
            assert_eq!(names(&new, method), expected);
        }
    }

    #[test]
    fn a_label_holds_path_and_name() {
        assert_eq!(Method::UpdateCustomer.path(), "Erp.BO.CustomerSvc/Update");
        assert_eq!(Method::UpdateCustomer.name(), "Update");
    }
}
