//! `template.yaml`, as AWS reads it, beside the code that it deploys: binaries, variables, rights, queues, table, metrics.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a template that is not as expected fails; clippy spares test functions, not what they stand on"
)]

mod alarms;
mod calls;
mod functions;
mod made;
mod queues;
mod rights;
mod table;
