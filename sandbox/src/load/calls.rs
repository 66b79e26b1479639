//! Counts the pipeline's calls by the order that they are made for, from what is logged of each.
//!
//! The consumer works on an order in a span `order`, and `connector-http` leaves a debug event for each attempt
//! (`docs/LOGGING.md`); so nothing of the product has to count for us.

use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::assignment::Calls;

/// The counts; clones share them.
#[derive(Debug, Clone, Default)]
pub struct CallCounter(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: Calls,
    /// By order: the calls of the first time it was worked on.
    first: HashMap<u64, Calls>,
}

/// One time that an order is worked on.
#[derive(Debug)]
struct Work {
    order: u64,
    calls: Calls,
}

impl CallCounter {
    /// What counts, to be put over a registry of spans.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let heard = Targets::new()
            .with_target("connector_http", LevelFilter::DEBUG)
            .with_target("connector_sync", LevelFilter::INFO);
        self.clone().with_filter(heard)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // A count that panicked half-way has counted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All calls so far.
    pub(super) fn all(&self) -> Calls {
        self.counts().all
    }

    /// The calls of the first time that this order was worked on.
    pub(super) fn first_of(&self, order: u64) -> Option<Calls> {
        self.counts().first.get(&order).copied()
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for CallCounter {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() != "order" {
            return;
        }
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let (Some(order), Some(span)) = (fields.order, context.span(id)) {
            span.extensions_mut().insert(Work { order, calls: Calls::default() });
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let Some(vendor) = fields.called() else { return };
        add(&mut self.counts().all, vendor);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(work) = span.extensions_mut().get_mut::<Work>() {
                add(&mut work.calls, vendor);
            }
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        if let Some(Work { order, calls }) = span.extensions_mut().remove::<Work>() {
            self.counts().first.entry(order).or_insert(calls);
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Vendor {
    BigCommerce,
    Kinetic,
}

fn add(calls: &mut Calls, vendor: Vendor) {
    match vendor {
        Vendor::BigCommerce => calls.bigcommerce += 1,
        Vendor::Kinetic => calls.kinetic += 1,
    }
}

/// The fields that count.
#[derive(Debug, Default)]
struct Fields {
    order: Option<u64>,
    vendor: String,
    message: String,
}

impl Fields {
    /// The vendor, if the event tells of a call.
    fn called(&self) -> Option<Vendor> {
        match (self.message.as_str(), self.vendor.as_str()) {
            ("called", "BigCommerce") => Some(Vendor::BigCommerce),
            ("called", "Kinetic") => Some(Vendor::Kinetic),
            _ => None,
        }
    }

    fn take(&mut self, field: &Field, text: impl FnOnce() -> String) {
        match field.name() {
            "order.id" => self.order = text().parse().ok(),
            "vendor" => self.vendor = text(),
            "message" => self.message = text(),
            _ => {}
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, || value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.take(field, || fmt::format(format_args!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn calls_count_for_the_order_that_is_worked_on_the_first_time() {
        let counter = CallCounter::default();
        let subscriber = tracing_subscriber::registry().with(counter.layer());
        tracing::subscriber::with_default(subscriber, || {
            let called =
                |vendor| tracing::debug!(target: "connector_http::remote", vendor, attempt = 1, "called");
            for times in [2, 5] {
                let order = 104;
                let work = tracing::info_span!(target: "connector_sync::orders", "order", order.id = %order);
                work.in_scope(|| {
                    (0..times).for_each(|_| called("Kinetic"));
                    called("BigCommerce");
                });
            }
            called("BigCommerce");
            tracing::debug!(target: "connector_http::remote", vendor = "Kinetic", "not called");
        });
        assert_eq!(counter.first_of(104), Some(Calls { bigcommerce: 1, kinetic: 2 }));
        assert_eq!(counter.first_of(105), None);
        assert_eq!(counter.all(), Calls { bigcommerce: 3, kinetic: 7 });
    }
}
