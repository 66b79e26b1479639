//! A call that failed, as one readable sentence.

use std::fmt;
use std::time::Duration;

use crate::class::Class;

/// Why a call failed, after the policy gave up.
///
/// It holds no body, header or URL: only the call's name, which has no ids, and the vendor's words with keys scrubbed.
/// Branch on [`Self::class`]; [`Self::cause`] names the vendor's own reason where the client knows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// Whom we asked, for people: `Kinetic`.
    pub vendor: &'static str,
    /// What we asked, without ids: `GET /v2/orders/{id}`.
    pub call: &'static str,
    /// What may have happened.
    pub class: Class,
    /// The last answer's status, if there was an answer.
    pub status: Option<u16>,
    /// A stable label such as `kinetic.no_licence`, or empty.
    pub cause: &'static str,
    /// The vendor's own words, keys scrubbed, at most 500 characters; or what the transport saw.
    pub words: String,
    /// How many times the call was sent or tried; 0 where nothing was tried.
    pub attempts: u32,
    /// How long the vendor asked us to wait, or how long the pacer would have.
    pub retry_after: Option<Duration>,
}

impl CallError {
    /// The same failure as that of a call before which it happened. Of that call nothing was sent, so nothing of it may have happened, and no
    /// record of it is at fault: a refusal is one of our setup.
    pub(crate) fn before_the_call(self) -> Self {
        let class = match self.class {
            Class::Ambiguous | Class::Unavailable | Class::ServerError => Class::NotSent,
            Class::NotFound | Class::Conflict | Class::Rejected | Class::Unreadable => Class::Forbidden,
            Class::OutOfTime | Class::NotSent | Class::Throttled | Class::Unauthorized | Class::Forbidden => {
                self.class
            }
        };
        Self { class, ..self }
    }
}

impl std::error::Error for CallError {}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vendor, call, .. } = self;
        match self.class {
            Class::OutOfTime => write!(f, "{vendor} was not asked {call}, the deadline is too near")?,
            Class::NotSent => write!(f, "{vendor} could not be reached for {call}")?,
            Class::Ambiguous => {
                write!(f, "{vendor} gave no whole answer to {call}, it may have been carried out")?;
            }
            Class::Throttled => write!(f, "{vendor} throttled {call}")?,
            Class::Unavailable => write!(f, "{vendor} was unavailable for {call}")?,
            Class::ServerError => write!(f, "{vendor} failed on {call}")?,
            Class::Unauthorized => write!(f, "{vendor} did not accept our credentials for {call}")?,
            Class::Forbidden => write!(f, "{vendor} does not allow {call}")?,
            Class::NotFound => write!(f, "{vendor} found nothing for {call}")?,
            Class::Conflict => write!(f, "{vendor} reported a conflict on {call}")?,
            Class::Rejected => write!(f, "{vendor} refused {call}")?,
            Class::Unreadable => write!(f, "{vendor} answered {call} in another shape than agreed")?,
        }
        if !self.words.is_empty() {
            write!(f, ": {}", self.words)?;
        }
        match self.status {
            Some(status) => write!(f, " (status {status}, attempt {})", self.attempts),
            None if self.attempts > 0 => write!(f, " (attempt {})", self.attempts),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(class: Class) -> CallError {
        CallError {
            vendor: "Kinetic",
            call: "POST Erp.BO.SalesOrderSvc/MasterUpdate",
            class,
            status: Some(400),
            cause: "",
            words: "Part is inactive.".to_owned(),
            attempts: 1,
            retry_after: None,
        }
    }

    #[test]
    fn an_error_reads_as_one_sentence() {
        assert_eq!(
            error(Class::Rejected).to_string(),
            "Kinetic refused POST Erp.BO.SalesOrderSvc/MasterUpdate: Part is inactive. (status 400, attempt 1)"
        );
    }

    #[test]
    fn a_failure_before_the_call_says_that_the_call_was_not_sent_and_blames_no_record() {
        for class in Class::ALL {
            let before = error(class).before_the_call();
            assert!(!before.class.may_have_happened(), "{class}");
            assert!(!matches!(before.class, Class::Rejected | Class::NotFound), "{class}");
            assert_eq!(before.words, "Part is inactive.");
        }
        assert_eq!(error(Class::Throttled).before_the_call().class, Class::Throttled);
        assert_eq!(error(Class::Unauthorized).before_the_call().class, Class::Unauthorized);
        assert_eq!(error(Class::Unavailable).before_the_call().class, Class::NotSent);
        assert_eq!(error(Class::Unreadable).before_the_call().class, Class::Forbidden);
    }

    #[test]
    fn an_error_without_an_answer_names_no_status() {
        let lost =
            CallError { status: None, words: "connection reset".to_owned(), ..error(Class::Ambiguous) };
        assert!(lost.to_string().ends_with("it may have been carried out: connection reset (attempt 1)"));
        let late = CallError { status: None, words: String::new(), attempts: 0, ..error(Class::OutOfTime) };
        assert!(late.to_string().ends_with("the deadline is too near"));
    }
}
