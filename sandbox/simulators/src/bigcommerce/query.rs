//! Query parameters, taken only if they are known.

use super::answer::{Api, Refused, v2, v2_invalid, v3};

/// The v2 and v3 default page.
const DEFAULT_LIMIT: u32 = 50;
/// The largest page (`docs/facts/bigcommerce.md` §1.4).
const MAX_LIMIT: u32 = 250;

/// The parameters of one request.
pub(crate) struct Query {
    api: Api,
    pairs: Vec<(String, String)>,
}

/// Which rows to show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) page: usize,
    pub(crate) limit: usize,
}

impl Page {
    /// How many rows come before this page.
    pub(crate) fn skipped(self) -> usize {
        self.page.saturating_sub(1).saturating_mul(self.limit)
    }

    /// The rows of this page.
    pub(crate) fn of<T>(self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().skip(self.skipped()).take(self.limit).collect()
    }
}

impl Query {
    /// Parses, and refuses any parameter that is not in `known`.
    pub(crate) fn parse(api: Api, raw: Option<&str>, known: &[&str]) -> Result<Self, Refused> {
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes()).into_owned().collect();
        let query = Self { api, pairs };
        match query.pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(query.invalid(name, "unknown query parameter")),
            None => Ok(query),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parameter parsed by `parse`, refused if that fails.
    pub(crate) fn parsed<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Refused> {
        match self.get(name) {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| self.invalid(name, "cannot be read")),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refused> {
        self.parsed(name, |text| text.parse().ok())
    }

    /// The comma-separated values of an `:in` filter.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.get(name).map(|text| text.split(',').map(str::trim).collect())
    }

    /// The numbers of an `:in` filter.
    pub(crate) fn numbers(&self, name: &str) -> Result<Option<Vec<u64>>, Refused> {
        self.parsed(name, |text| text.split(',').map(|one| one.trim().parse().ok()).collect())
    }

    /// Whether the parameter was given at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// `page` and `limit`; beyond 250 v2 refuses with 413 and v3 clamps.
    pub(crate) fn page(&self, clamp: Option<u32>) -> Result<Page, Refused> {
        self.page_up_to(MAX_LIMIT, clamp)
    }

    /// As [`Query::page`], with another largest page.
    pub(crate) fn page_up_to(&self, most: u32, clamp: Option<u32>) -> Result<Page, Refused> {
        let positive = |text: &str| text.parse::<u32>().ok().filter(|n| *n > 0);
        let page = self.parsed("page", positive)?.unwrap_or(1);
        let asked = self.parsed("limit", positive)?.unwrap_or(DEFAULT_LIMIT);
        if asked > most && self.api == Api::V2 {
            return Err(v2(413, "The 'limit' parameter may not exceed 250."));
        }
        let limit = asked.min(most).min(clamp.unwrap_or(most).max(1));
        let wide = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        Ok(Page { page: wide(page), limit: wide(limit) })
    }

    /// The refusal of one parameter.
    pub(crate) fn invalid(&self, name: &str, reason: &str) -> Refused {
        match self.api {
            Api::V2 => v2_invalid(name, reason),
            Api::V3 => v3(422, "Input is invalid.", &serde_json::json!({ name: reason })),
        }
    }
}
