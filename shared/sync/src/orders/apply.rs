//! Carries a plan out: draft, write the intent, save, write the outcome.

use connector_domain::{Deadline, OrderNum};

use connector_kinetic::{Draft, HeaderChange, Kinetic, OpenOrder, OpenRows};
use connector_ports::{Applied, HeaderField};

use super::applied::{nothing_yet, record};
use super::audit::Trail;
use super::credit::judge;
use super::desired::DesiredOrder;
use super::plan::{Plan, Step};
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;

/// At most so many saves stand between two writes to the ledger.
const SAVES_A_WRITE: usize = 25;

/// An order in work: what should be, what stands open, and where it is written down.
struct Work<'a, 't> {
    desired: &'a DesiredOrder,
    kinetic: &'a Kinetic,
    trail: &'a mut Trail<'t>,
    deadline: Deadline,
    /// The rows that are changed or taken out.
    rows: Option<OpenRows>,
}

/// The rows that stand and are changed or taken out, by their numbers.
#[derive(Debug, Default)]
struct Rows {
    lines: Vec<i32>,
    charges: Vec<i32>,
}

impl Rows {
    const fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.charges.is_empty()
    }
}

fn rows_of(plan: &Plan) -> Rows {
    let mut rows = Rows::default();
    for step in &plan.steps {
        match step {
            Step::ChangeLine { order_line, .. } | Step::RemoveLine { order_line, .. } => {
                rows.lines.push(*order_line);
            }
            Step::ChangeCharge { seq, .. } | Step::RemoveCharge { seq, .. } => rows.charges.push(*seq),
            Step::CreateHeader
            | Step::ChangeHeader(_)
            | Step::AddLine(_)
            | Step::AddCharge(_)
            | Step::Recalculate
            | Step::Release => {}
        }
    }
    rows
}

/// Everything of the plan but the release, which has to wait for the proof.
///
/// # Errors
/// The failure of the first call that failed. What was saved until then is in the trail's progress, and the next look finds it.
pub async fn apply(
    desired: &DesiredOrder,
    plan: &Plan,
    applied: Option<&Applied>,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<OpenOrder, Failure> {
    let mut work = Work { desired, kinetic, trail, deadline, rows: None };
    let mut open = match plan.resumes {
        Some(order_num) => work.open(order_num, plan).await?,
        None => work.create_header().await?,
    };
    let rows_needed = !rows_of(plan).is_empty();
    let progress = work.trail.progress();
    if progress.applied.is_none() {
        progress.applied = Some(applied.cloned().unwrap_or_else(|| nothing_yet(desired, open.order_num())));
    }
    progress.order_num = Some(open.order_num());
    let saves: Vec<&Step> = plan.steps.iter().filter(|step| saves(step)).collect();
    for batch in saves.chunks(SAVES_A_WRITE) {
        for step in batch {
            open = work.step(step, open).await?;
            if matches!(step, Step::ChangeHeader(_)) && rows_needed {
                // What was pushed to lines and releases has other revisions now.
                open = work.open(open.order_num(), plan).await?;
            }
            if let Some(applied) = &mut work.trail.progress().applied {
                record(step, desired, applied);
            }
        }
        work.trail.write().await?;
    }
    if plan.steps.contains(&Step::Recalculate) {
        let orders = kinetic.sales_orders();
        open = work.changing(&Step::Recalculate, orders.set_ready_to_calc(open, deadline)).await?;
    }
    Ok(open)
}

/// The last step of a first import. What was released once is never released again.
///
/// # Errors
/// The failure of the call.
pub async fn release(
    open: OpenOrder,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<(), Failure> {
    trail.will_change("release").await?;
    match kinetic.sales_orders().release(open, deadline).await {
        Ok(open) => {
            trail.saved("release", Some(open.order_num()));
            Ok(())
        }
        Err(error) => Err(trail.failed("release", error)),
    }
}

/// Whether a step is a save of its own, between the header's birth and the calculation.
const fn saves(step: &Step) -> bool {
    match step {
        Step::ChangeHeader(_)
        | Step::AddLine(_)
        | Step::ChangeLine { .. }
        | Step::RemoveLine { .. }
        | Step::AddCharge(_)
        | Step::ChangeCharge { .. }
        | Step::RemoveCharge { .. } => true,
        Step::CreateHeader | Step::Recalculate | Step::Release => false,
    }
}

impl Work<'_, '_> {
    /// Opens what stands, with the rows that the plan changes.
    async fn open(&mut self, order_num: OrderNum, plan: &Plan) -> Result<OpenOrder, Failure> {
        let Rows { lines, charges } = rows_of(plan);
        let orders = self.kinetic.sales_orders();
        let rows = orders.open_rows(order_num, &lines, &charges, self.deadline).await?;
        let rows = rows.ok_or_else(|| vanished(order_num))?;
        let open = rows.order().clone();
        self.rows = Some(rows);
        Ok(open)
    }

    async fn create_header(&mut self) -> Result<OpenOrder, Failure> {
        let orders = self.kinetic.sales_orders();
        let draft = orders.draft_header(&self.desired.header, self.deadline).await?;
        judge(draft.warnings(), self.desired, self.trail)?;
        let open = self.creating(&Step::CreateHeader, draft).await?;
        let progress = self.trail.progress();
        progress.order_num = Some(open.order_num());
        progress.applied = Some(nothing_yet(self.desired, open.order_num()));
        // At once: whoever completes the order after a crash must know with which address and customer it was begun.
        self.trail.write().await?;
        Ok(open)
    }

    /// One save.
    async fn step(&mut self, step: &Step, open: OpenOrder) -> Result<OpenOrder, Failure> {
        let (orders, deadline, desired) = (self.kinetic.sales_orders(), self.deadline, self.desired);
        match step {
            Step::AddLine(at) => match desired.lines.get(*at) {
                Some(line) => {
                    let draft = orders.draft_line(&open, line, deadline).await?;
                    self.creating(step, draft).await
                }
                None => Ok(open),
            },
            Step::AddCharge(at) => match desired.charges.get(*at) {
                Some(charge) => {
                    let draft = orders.draft_charge(&open, charge, deadline).await?;
                    self.creating(step, draft).await
                }
                None => Ok(open),
            },
            Step::ChangeHeader(fields) => {
                let change = header_change(desired, fields);
                self.changing(step, orders.change_header(open, &change, deadline)).await
            }
            Step::ChangeLine { order_line, target, .. } => {
                let line = self.rows.as_ref().and_then(|rows| rows.line(*order_line)).cloned();
                let line = line.ok_or_else(|| moved(open.order_num()))?;
                let draft = orders.draft_line_change(&open, &line, target, deadline).await?;
                let saved = async { Ok(orders.save(draft, deadline).await?.order) };
                self.changing(step, saved).await
            }
            Step::RemoveLine { order_line, .. } => {
                let line = self.rows.as_ref().and_then(|rows| rows.line(*order_line)).cloned();
                match line {
                    Some(line) => self.changing(step, orders.remove_line(open, &line, deadline)).await,
                    // Taken out already.
                    None => Ok(open),
                }
            }
            Step::ChangeCharge { at, seq } => {
                let stored = self.rows.as_ref().and_then(|rows| rows.charge(*seq)).cloned();
                let stored = stored.ok_or_else(|| moved(open.order_num()))?;
                let Some(wanted) = desired.charges.get(*at) else { return Ok(open) };
                let draft = orders.draft_charge_change(&open, &stored, wanted.amount, deadline).await?;
                let saved = async { Ok(orders.save(draft, deadline).await?.order) };
                self.changing(step, saved).await
            }
            Step::RemoveCharge { seq, .. } => {
                let stored = self.rows.as_ref().and_then(|rows| rows.charge(*seq)).cloned();
                match stored {
                    Some(charge) => self.changing(step, orders.remove_charge(open, &charge, deadline)).await,
                    None => Ok(open),
                }
            }
            Step::CreateHeader | Step::Recalculate | Step::Release => Ok(open),
        }
    }

    /// A save that makes something: its outcome must be known before anything else is made.
    async fn creating(&mut self, step: &Step, draft: Draft) -> Result<OpenOrder, Failure> {
        let name = name(step, self.desired);
        self.trail.will_create(&name).await?;
        match self.kinetic.sales_orders().save(draft, self.deadline).await {
            Ok(saved) => {
                self.trail.saved(&name, Some(saved.order.order_num()));
                Ok(saved.order)
            }
            Err(error) => Err(self.trail.failed(&name, error)),
        }
    }

    /// A save of what exists: made twice it leaves the same.
    async fn changing(
        &mut self,
        step: &Step,
        call: impl Future<Output = Result<OpenOrder, connector_kinetic::KineticError>>,
    ) -> Result<OpenOrder, Failure> {
        let name = name(step, self.desired);
        self.trail.will_change(&name).await?;
        match call.await {
            Ok(open) => {
                self.trail.saved(&name, Some(open.order_num()));
                Ok(open)
            }
            Err(error) => Err(self.trail.failed(&name, error)),
        }
    }
}

fn header_change(desired: &DesiredOrder, fields: &[HeaderField]) -> HeaderChange {
    let header = &desired.header;
    let mut change = HeaderChange::default();
    for field in fields {
        match field {
            HeaderField::Address => {
                change.one_time.clone_from(&header.one_time);
                // Another address may bring another region along.
                change.tax_region.clone_from(&header.tax_region);
            }
            HeaderField::Comment => change.comment = Some(header.comment.clone()),
            HeaderField::ShipVia => change.ship_via.clone_from(&header.ship_via),
            HeaderField::Terms => change.terms.clone_from(&header.terms),
            HeaderField::TaxRegion => change.tax_region.clone_from(&header.tax_region),
        }
    }
    change
}

/// The name of a step in the trail: references and codes, nothing personal.
pub(super) fn name(step: &Step, desired: &DesiredOrder) -> String {
    match step {
        Step::CreateHeader => "header".to_owned(),
        Step::ChangeHeader(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| super::header_field::name(*field)).collect();
            format!("change {}", fields.join(", "))
        }
        Step::AddLine(at) => match desired.lines.get(*at) {
            Some(line) => format!("line {}", line.reference),
            None => "line".to_owned(),
        },
        Step::ChangeLine { reference, .. } => format!("change line {reference}"),
        Step::RemoveLine { reference, order_line } => format!("remove line {reference} ({order_line})"),
        Step::AddCharge(at) => match desired.charges.get(*at) {
            Some(charge) => format!("charge {}", charge.code),
            None => "charge".to_owned(),
        },
        Step::ChangeCharge { at, .. } => match desired.charges.get(*at) {
            Some(charge) => format!("change charge {}", charge.code),
            None => "change charge".to_owned(),
        },
        Step::RemoveCharge { code, seq } => format!("remove charge {code} ({seq})"),
        Step::Recalculate => "recalculate".to_owned(),
        Step::Release => "release".to_owned(),
    }
}

/// What was read a moment ago is not there any more: somebody is at work on the order, so it is read and planned again.
fn moved(order_num: OrderNum) -> Failure {
    Failure::Moved(order_num)
}

fn vanished(order_num: OrderNum) -> Failure {
    Failure::Held(Hold::about(
        HoldReason::VanishedFromKinetic,
        order_num.to_string(),
        format!(
            "order {order_num} was found by its reference, but could not be opened; look for it in Kinetic"
        ),
    ))
}
