//! The wrapping of every method's answer: outs under `parameters`, the value under `returnObj`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{dataset::DataSet, row::Cell};

/// Out parameters besides `ds`.
pub(crate) type Outs = BTreeMap<&'static str, Cell>;

/// The value of a method.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Returned {
    Rows(DataSet),
    Text(String),
}

/// What a method answers.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    returned: Option<Returned>,
    changed: Option<DataSet>,
    outs: Outs,
}

impl Answer {
    /// The tableset was passed by reference.
    pub(crate) fn changed(ds: DataSet, outs: Outs) -> Self {
        Self { changed: Some(ds), outs, ..Self::default() }
    }

    /// The tableset is the value.
    pub(crate) fn returned(ds: DataSet) -> Self {
        Self { returned: Some(Returned::Rows(ds)), ..Self::default() }
    }

    /// A text is the value.
    pub(crate) fn text(text: String) -> Self {
        Self { returned: Some(Returned::Text(text)), ..Self::default() }
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(value) = &self.returned {
            map.serialize_entry("returnObj", value)?;
        }
        if self.changed.is_some() || !self.outs.is_empty() {
            map.serialize_entry("parameters", &Parameters(self))?;
        }
        map.end()
    }
}

struct Parameters<'a>(&'a Answer);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.0.outs {
            map.serialize_entry(name, value)?;
        }
        if let Some(ds) = &self.0.changed {
            map.serialize_entry("ds", ds)?;
        }
        map.end()
    }
}

/// Outs that are all blank texts.
pub(crate) fn blank<const N: usize>(names: [&'static str; N]) -> Outs {
    names.into_iter().map(|name| (name, Cell::from(""))).collect()
}
