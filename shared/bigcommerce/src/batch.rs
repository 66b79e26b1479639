//! Rows that go in one call: never none, never more than the vendor takes.

/// At least one row and at most `MOST`; more is answered 413, so more cannot be said (`docs/facts/bigcommerce.md` §5, §6, §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch<'a, T, const MOST: usize>(&'a [T]);

impl<'a, T, const MOST: usize> Batch<'a, T, MOST> {
    /// All of `rows` as one batch; `None` if there are none, or more than `MOST`.
    pub fn of(rows: &'a [T]) -> Option<Self> {
        (1..=MOST).contains(&rows.len()).then_some(Self(rows))
    }

    /// All of `rows` in as few batches as they fit into, in their order.
    pub fn all(rows: &'a [T]) -> impl Iterator<Item = Self> {
        rows.chunks(MOST.max(1)).map(Self)
    }

    /// The two halves, to find the row that spoils the whole; `None` for a single row, which is then the one.
    pub fn halves(self) -> Option<(Self, Self)> {
        let (first, second) = self.0.split_at_checked(self.0.len() / 2)?;
        Self::of(first).zip(Self::of(second))
    }

    /// The rows.
    pub const fn rows(self) -> &'a [T] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_never_empty_and_never_too_large() {
        assert!(Batch::<u8, 3>::of(&[]).is_none());
        assert!(Batch::<u8, 3>::of(&[1, 2, 3, 4]).is_none());
        assert_eq!(Batch::<u8, 3>::of(&[1, 2, 3]).unwrap().rows(), [1, 2, 3]);
        let sizes = |rows: &[u8]| Batch::<u8, 3>::all(rows).map(|b| b.rows().len()).collect::<Vec<_>>();
        assert_eq!(sizes(&[]), Vec::<usize>::new());
        assert_eq!(sizes(&[0; 7]), [3, 3, 1]);
    }

    #[test]
    fn halves_lead_to_one_row() {
        let rows = [1, 2, 3, 4, 5];
        let (first, second) = Batch::<u8, 5>::of(&rows).unwrap().halves().unwrap();
        assert_eq!((first.rows(), second.rows()), (&rows[..2], &rows[2..]));
        assert!(Batch::<u8, 5>::of(&rows[..1]).unwrap().halves().is_none());
    }
}
