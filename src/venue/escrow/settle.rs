//! What falls due.

use std::cmp::Reverse;

use super::contract::{ContractId, Step};
use super::spec::Dispute;
use super::state::Escrow;
use crate::units::time::NEVER_MS;
use crate::venue::custody::Books;

impl Escrow {
    /// The next instant at which something falls due.
    pub fn next_due_ms(&self) -> i64 {
        self.contracts_due_ms().min(self.arrivals_due_ms()).min(self.netting_due_ms())
    }

    fn contracts_due_ms(&self) -> i64 {
        self.queue.peek().map_or(NEVER_MS, |Reverse((due_ms, _, _))| *due_ms)
    }

    fn arrivals_due_ms(&self) -> i64 {
        self.arrivals.front().map_or(NEVER_MS, |first| first.due_ms)
    }

    fn netting_due_ms(&self) -> i64 {
        self.agreements.iter().map(|agreement| agreement.due_ms).min().unwrap_or(NEVER_MS)
    }

    /// Does what is due by now. Of one instant: arrivals in the order in which they were sent,
    /// contracts by paying agent (outsiders last) and age, agreements in their order.
    pub fn settle(&mut self, books: &mut Books<'_>) {
        loop {
            let due_ms = self.next_due_ms();
            if due_ms > books.now_ms {
                return;
            }
            if self.arrivals_due_ms() == due_ms {
                self.arrive(books);
            } else if let Some(Reverse((first_ms, _, id))) = self.queue.peek().copied()
                && first_ms == due_ms
            {
                self.take_step(books, id);
            } else {
                self.net_all(books, due_ms);
            }
        }
    }

    fn take_step(&mut self, books: &mut Books<'_>, id: ContractId) {
        let (_, step) = self.known(id).next_step().expect("what is in the queue is due");
        let done = match step {
            Step::Fund => self.fund(books, id),
            Step::Dispute(Dispute { verdict_ms, resolution, .. }) => {
                self.dispute(books.now_ms, id, Some((verdict_ms, resolution)))
            }
            Step::Resolve(resolution) => self.resolve(books, id, resolution),
            Step::Expire => {
                self.expire(books, id);
                Ok(())
            }
            Step::Release => {
                self.release(books, id);
                Ok(())
            }
            Step::TimeOut => {
                self.time_out(books, id);
                Ok(())
            }
        };
        assert_eq!(done, Ok(()), "a contract takes the step that its state asks for");
    }
}
