use connector_domain::ManualClock;
use connector_ports::memory::MemoryState;
use test_case::test_case;

use super::*;

const CALL: CallError = CallError {
    vendor: "Kinetic",
    call: "GET Erp.BO.PartSvc/Parts",
    class: Class::Unauthorized,
    status: Some(401),
    cause: "kinetic.bad_credentials",
    words: String::new(),
    attempts: 1,
    retry_after: None,
};

fn kinetic(class: Class, cause: &'static str) -> Failure {
    Failure::Kinetic(KineticError::Call(CallError { class, cause, ..CALL }))
}

fn password() -> Failure {
    kinetic(Class::Unauthorized, "kinetic.bad_credentials")
}

struct World {
    state: MemoryState,
    connection: ConnectionId,
    patience: Patience,
    clock: ManualClock,
}

impl World {
    fn new() -> Self {
        Self {
            state: MemoryState::new(),
            connection: "main-store".parse().unwrap(),
            patience: Patience::default(),
            clock: ManualClock::at(Timestamp::from_second(1000).unwrap()),
        }
    }

    fn breaker(&self) -> Breaker<'_> {
        Breaker { state: &self.state, connection: &self.connection, patience: &self.patience }
    }

    fn now(&self) -> Timestamp {
        connector_domain::Clock::now(&self.clock)
    }

    async fn passes(&self) -> Result<Pass, (Vendor, i64)> {
        let mut pass = Pass::default();
        for vendor in Vendor::ALL {
            if let Err(failure) = self.breaker().pass(vendor, &mut pass, self.now()).await {
                let Failure::OutOfOrder { vendor, until, .. } = failure else { panic!("{failure}") };
                return Err((vendor, until.as_second() - self.now().as_second()));
            }
        }
        Ok(pass)
    }

    async fn ends(&self, pass: &Pass, failure: Option<&Failure>, heard: bool) {
        let heard = |vendor| heard && vendor == Vendor::Kinetic;
        self.breaker().tell(pass, failure, heard, self.now()).await.unwrap();
    }
}

#[tokio::test]
async fn one_tries_a_step_each_longer_than_the_last_until_it_is_heard() {
    let world = World::new();
    let pass = world.passes().await.unwrap();
    world.ends(&pass, Some(&password()), false).await;
    for step in [30, 60, 120, 240, 480, 960, 1800, 1800] {
        assert_eq!(world.passes().await.unwrap_err(), (Vendor::Kinetic, step));
        world.clock.advance(Duration::from_secs(u64::try_from(step).unwrap()));
        let trial = world.passes().await.unwrap();
        assert_eq!(trial.trials, [Vendor::Kinetic]);
        assert_eq!(
            world.passes().await.unwrap_err(),
            (Vendor::Kinetic, 120),
            "while one tries no other does"
        );
        world.ends(&trial, Some(&password()), false).await;
    }
    world.clock.advance(Duration::from_mins(30));
    let trial = world.passes().await.unwrap();
    world.ends(&trial, None, true).await;
    assert!(world.passes().await.unwrap().trials.is_empty(), "in order again");
    let pass = world.passes().await.unwrap();
    world.ends(&pass, Some(&password()), false).await;
    assert_eq!(world.passes().await.unwrap_err().1, 30, "and the next time it begins anew");
}

#[tokio::test]
async fn a_trial_that_never_came_as_far_as_the_vendor_proves_nothing_and_costs_no_step() {
    let world = World::new();
    world.ends(&world.passes().await.unwrap(), Some(&password()), false).await;
    world.clock.advance(Duration::from_secs(30));
    let trial = world.passes().await.unwrap();
    world.ends(&trial, None, false).await;
    assert_eq!(world.passes().await.unwrap().trials, [Vendor::Kinetic]);
}

#[tokio::test]
async fn one_that_dies_while_it_tries_is_followed_by_another() {
    let world = World::new();
    world.ends(&world.passes().await.unwrap(), Some(&password()), false).await;
    world.clock.advance(Duration::from_secs(30));
    world.passes().await.unwrap();
    world.clock.advance(TRIAL);
    assert_eq!(world.passes().await.unwrap().trials, [Vendor::Kinetic]);
}

#[tokio::test]
async fn many_that_fail_at_once_are_one_failure() {
    let world = World::new();
    let passes = [world.passes().await.unwrap(), world.passes().await.unwrap()];
    for pass in &passes {
        world.ends(pass, Some(&password()), false).await;
    }
    assert_eq!(world.passes().await.unwrap_err().1, 30);
}

#[tokio::test]
async fn one_connection_does_not_stop_another() {
    let world = World::new();
    world.ends(&world.passes().await.unwrap(), Some(&password()), false).await;
    let other = "other-store".parse().unwrap();
    let breaker = Breaker { connection: &other, ..world.breaker() };
    assert!(breaker.pass(Vendor::Kinetic, &mut Pass::default(), world.now()).await.is_ok());
}

#[test_case(Class::Unauthorized, "kinetic.bad_api_key" => Some("kinetic.bad_api_key".to_owned()))]
#[test_case(Class::NotSent, "" => Some("not_sent".to_owned()))]
#[test_case(Class::Throttled, "kinetic.no_licence" => Some("kinetic.no_licence".to_owned()))]
#[test_case(Class::Forbidden, "kinetic.method_drift" => Some("kinetic.method_drift".to_owned()))]
#[test_case(Class::Forbidden, "kinetic.access_denied" => None; "what others may not need")]
#[test_case(Class::Throttled, "" => None; "a 429")]
#[test_case(Class::Unavailable, "" => None; "the weather")]
#[test_case(Class::ServerError, "" => None)]
#[test_case(Class::Ambiguous, "" => None)]
#[test_case(Class::Conflict, "" => None)]
#[test_case(Class::Rejected, "" => None)]
#[test_case(Class::NotFound, "" => None)]
#[test_case(Class::Unreadable, "" => None)]
#[test_case(Class::OutOfTime, "" => None)]
fn what_says_that_a_vendor_works_for_nobody(class: Class, cause: &'static str) -> Option<String> {
    trips(&kinetic(class, cause)).map(|(vendor, cause)| {
        assert_eq!(vendor, Vendor::Kinetic);
        cause
    })
}
