//! Text that fits a column, and says whether it had to be cut.

use std::fmt;

use serde::Serialize;

/// Text of at most `N` UTF-16 code units, which is how `nvarchar(N)` counts: an emoji takes two.
///
/// Control characters become blanks and both ends are trimmed, because a line break in an address breaks labels downstream.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text<const N: usize>(String);

/// A text after fitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut<const N: usize> {
    /// What fits.
    pub text: Text<N>,
    /// Whether something was left out.
    pub was_cut: bool,
}

impl<const N: usize> Text<N> {
    /// Fits `from` into the column: never inside a character, and without the half of a joined emoji.
    pub fn fit(from: &str) -> Cut<N> {
        let clean: String = from.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let clean = clean.trim();
        let mut units = 0;
        let kept = clean
            .char_indices()
            .take_while(|(_, c)| {
                units += c.len_utf16();
                units <= N
            })
            .last()
            .map_or(0, |(at, c)| at + c.len_utf8());
        let was_cut = kept < clean.len();
        let kept = clean.get(..kept).unwrap_or_default();
        let kept = if was_cut { kept.trim_end_matches(|c| joins(c) || c == ' ') } else { kept };
        Cut { text: Self(kept.to_owned()), was_cut }
    }

    /// The text, if it fits as it is.
    pub fn exact(from: &str) -> Option<Self> {
        let cut = Self::fit(from);
        (cut.text.0 == from).then_some(cut.text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Characters that only make sense together with the one that would have followed.
fn joins(c: char) -> bool {
    c == '\u{200d}'
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_fits_is_untouched() {
        assert_eq!(Text::<5>::fit("Zoë"), Cut { text: Text("Zoë".into()), was_cut: false });
    }

    #[test]
    fn an_emoji_counts_twice_and_is_never_halved() {
        assert_eq!(Text::<3>::fit("ab🔩c"), Cut { text: Text("ab".into()), was_cut: true });
        assert_eq!(Text::<4>::fit("ab🔩").text.as_str(), "ab🔩");
    }

    #[test]
    fn line_breaks_become_blanks_and_ends_are_trimmed() {
        assert_eq!(Text::<20>::fit(" 1 Main St\r\nUnit 2\n").text.as_str(), "1 Main St  Unit 2");
    }

    #[test]
    fn exact_refuses_what_would_change() {
        assert!(Text::<3>::exact("abcd").is_none());
        assert!(Text::<3>::exact("abc").is_some());
    }

    proptest! {
        #[test]
        fn it_always_fits(from in "\\PC{0,80}") {
            let cut = Text::<30>::fit(&from);
            prop_assert!(cut.text.as_str().encode_utf16().count() <= 30);
            prop_assert!(cut.was_cut || cut.text.as_str() == from.trim());
        }
    }
}
