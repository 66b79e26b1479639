//! One bad row does not hold up the rest: a batch that is refused is halved until the row stands alone.

use std::ops::Range;

/// What is still to be sent of some rows.
///
/// One bad row of `n` costs at most twice the binary logarithm of `n` calls more.
#[derive(Debug)]
pub(super) struct Halves {
    left: Vec<Range<usize>>,
}

impl Halves {
    /// All of `rows`, as one batch.
    pub(super) fn of(rows: usize) -> Self {
        Self { left: if rows == 0 { Vec::new() } else { Vec::from([Range { start: 0, end: rows }]) } }
    }

    /// The next batch to send, in the order of the rows.
    pub(super) fn next(&mut self) -> Option<Range<usize>> {
        self.left.pop()
    }

    /// A batch was refused: its halves come next. The row, if there is only one: it is at fault.
    pub(super) fn refused(&mut self, batch: Range<usize>) -> Option<usize> {
        if batch.len() <= 1 {
            return Some(batch.start);
        }
        let middle = batch.start.saturating_add(batch.len() / 2);
        self.left.push(middle..batch.end);
        self.left.push(batch.start..middle);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many calls it takes, which rows are refused, and how many are taken, where these are bad.
    fn sent(rows: usize, bad: &[usize]) -> (usize, Vec<usize>, usize) {
        let (mut calls, mut refused, mut taken) = (0, Vec::new(), 0);
        let mut halves = Halves::of(rows);
        while let Some(batch) = halves.next() {
            calls += 1;
            if batch.clone().any(|row| bad.contains(&row)) {
                refused.extend(halves.refused(batch));
            } else {
                taken += batch.len();
            }
        }
        (calls, refused, taken)
    }

    #[test]
    fn a_good_batch_is_one_call() {
        assert_eq!(sent(10, &[]), (1, vec![], 10));
        assert_eq!(sent(0, &[]), (0, vec![], 0));
    }

    #[test]
    fn one_bad_row_of_two_thousand_costs_twice_the_logarithm_and_all_others_are_taken() {
        for bad in [0, 1, 999, 1000, 1999] {
            let (calls, refused, taken) = sent(2000, &[bad]);
            assert!(calls <= 1 + 2 * 11, "{calls} calls");
            assert_eq!((refused, taken), (vec![bad], 1999));
        }
    }

    #[test]
    fn several_bad_rows_are_found_in_their_order() {
        let (_, refused, taken) = sent(50, &[3, 4, 40]);
        assert_eq!((refused, taken), (vec![3, 4, 40], 47));
    }
}
