//! Workers and a tick that run by themselves, for the demo.

use std::future::Future;
use std::time::Duration;

use connector_domain::{ConnectionId, Deadline};
use connector_sync::catalogue::{Catalogue, CatalogueJob};
use connector_sync::job::Failure;
use connector_sync::jobs::{self, Job, Jobs, Ran};
use connector_sync::orders::Consumer;
use connector_sync::unblock::Unblock;
use connector_sync::wake::{Woken, wake};
use futures_util::future::{Either, join_all, select};
use tokio::sync::watch;

use super::{INVOCATION, Pipeline, PipelineError, Ports, Worked};

/// How often the tick comes. The deployment's comes once a minute; nobody wants to watch that.
const TICK: Duration = Duration::from_secs(1);

/// What a job has for a run here.
const JOB: Duration = Duration::from_mins(2);

impl<P: Ports + ?Sized> Pipeline<P> {
    /// Enqueues every order that is due now, and those whose missing part has appeared; says how many.
    pub async fn tick(&self) -> usize {
        let deadline = Deadline::after(self.surroundings.clock.as_ref(), INVOCATION);
        let woken = wake(self.ports.ledger(), self.ports.queue(), &self.directory, deadline).await;
        let woken = woken.unwrap_or_else(|error| {
            tracing::warn!(%error, "nothing more is woken in this tick: {error}");
            Woken::default()
        });
        let Consumer { ledger, queue, state, directory, patience, .. } = self.consumer();
        let unblock = Unblock { ledger, queue, state, directory, patience };
        let mut unblocked = 0;
        let connections = self.directory.connections().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "whether parts have appeared is asked again in the next tick: {error}");
            Vec::new()
        });
        for connection in connections {
            let deadline = Deadline::after(self.surroundings.clock.as_ref(), INVOCATION);
            match unblock.run(&connection, deadline).await {
                Ok(sent) => unblocked += sent,
                Err(error) => {
                    tracing::warn!(%connection, %error, "whether parts have appeared is asked again in the next tick: {error}");
                }
            }
        }
        woken.sent + unblocked
    }

    /// What jobs stand on here.
    pub fn jobs(&self) -> Jobs<'_> {
        let Consumer { ledger, queue, state, patience, .. } = self.consumer();
        Jobs { ledger, queue, state, directory: &self.jobs, patience, door: self.door.as_ref() }
    }

    /// Runs one job of a connection for `budget` at most, if its time has come; the tick leaves that to whoever calls it.
    ///
    /// # Errors
    /// A vendor or a port failed; the job is due again at its next time.
    pub async fn job(&self, job: Job, connection: &ConnectionId, budget: Duration) -> Result<Ran, Failure> {
        let deadline = Deadline::after(self.surroundings.clock.as_ref(), budget);
        jobs::run(job, connection, self.jobs(), deadline).await
    }

    /// What the catalogue stands on here.
    pub fn catalogue(&self) -> Catalogue<'_> {
        let Consumer { ledger, leases, state, patience, .. } = self.consumer();
        Catalogue { state, shelf: self.ports.shelf(), leases, ledger, directory: &self.catalogue, patience }
    }

    /// Runs one job of the catalogue for `budget` at most, if its time has come.
    ///
    /// # Errors
    /// As [`Pipeline::job`].
    pub async fn catalogue_job(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
        budget: Duration,
    ) -> Result<Ran, Failure> {
        let deadline = Deadline::after(self.surroundings.clock.as_ref(), budget);
        self.catalogue().run(job, connection, deadline).await
    }

    /// Runs `workers` consumers and a tick until `stop` completes; what is at work then is finished first.
    ///
    /// For clocks that go by themselves: on a manual clock the tick would run away with it.
    pub async fn run(&self, workers: usize, stop: impl Future<Output = ()> + Send) {
        let (over, running) = watch::channel(false);
        let workers = join_all((0..workers).map(|_| self.worker(running.clone())));
        let ticks = self.ticks(running.clone());
        let stopping = async {
            stop.await;
            over.send_replace(true);
        };
        let jobs = self.jobs_in_turn(running.clone());
        let catalogue = self.catalogue_in_turn(running.clone());
        tokio::join!(workers, ticks, jobs, catalogue, stopping);
    }

    async fn worker(&self, mut running: watch::Receiver<bool>) {
        while !*running.borrow() {
            // Before receiving, so that what arrives in between is not slept through.
            let arrived = self.ports.inbox().arrived();
            match self.work_one(INVOCATION).await {
                Ok(Some(worked)) => self.tell(worked),
                Ok(None) => self.rest(arrived, &mut running).await,
                Err(error @ PipelineError::Queue(_)) => {
                    tracing::error!(%error, "{error}");
                    self.rest(std::future::pending(), &mut running).await;
                }
                Err(error) => tracing::error!(%error, "{error}"),
            }
        }
    }

    fn tell(&self, worked: Worked) {
        if let Some(listener) = &self.listener {
            // Whoever has stopped listening misses nothing.
            let _unheard = listener.send(worked);
        }
    }

    /// The jobs of all connections whose time has come, if somebody has said where the door is.
    async fn jobs_in_turn(&self, mut running: watch::Receiver<bool>) {
        if self.door.is_none() {
            return;
        }
        while !*running.borrow() {
            for connection in self.directory.connections().await.unwrap_or_default() {
                for job in [Job::OrderPoller, Job::WebhookAuditor] {
                    if let Err(error) = self.job(job, &connection, JOB).await {
                        let job = job.as_str();
                        tracing::warn!(%connection, job, %error, "job {job} of {connection} waits for its next time: {error}");
                    }
                }
            }
            self.rest(std::future::pending(), &mut running).await;
        }
    }

    /// The same with the jobs of the catalogue, which are long and are in nobody's way.
    async fn catalogue_in_turn(&self, mut running: watch::Receiver<bool>) {
        if self.door.is_none() {
            return;
        }
        while !*running.borrow() {
            for connection in self.directory.connections().await.unwrap_or_default() {
                for job in CatalogueJob::ALL {
                    if let Err(error) = Box::pin(self.catalogue_job(job, &connection, JOB)).await {
                        let job = job.as_str();
                        tracing::warn!(%connection, job, %error, "job {job} of {connection} waits for its next time: {error}");
                    }
                }
            }
            self.rest(std::future::pending(), &mut running).await;
        }
    }

    async fn ticks(&self, mut running: watch::Receiver<bool>) {
        while !*running.borrow() {
            self.tick().await;
            self.rest(std::future::pending(), &mut running).await;
        }
    }

    /// Until something happens, the next tick comes, or it is over.
    async fn rest(&self, happened: impl Future<Output = ()> + Send, running: &mut watch::Receiver<bool>) {
        let happened = std::pin::pin!(happened);
        let over = std::pin::pin!(running.changed());
        let tick = self.surroundings.clock.sleep(TICK);
        match select(select(happened, tick), over).await {
            Either::Left(_) | Either::Right(_) => {}
        }
    }
}
