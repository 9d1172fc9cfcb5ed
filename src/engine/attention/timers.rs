//! When something is due, agent by agent: the earliest at the root of a tree.

use crate::units::time::NEVER_MS;

/// One instant per agent. Setting one costs the depth of the tree.
#[derive(Clone)]
pub(in crate::engine) struct Timers {
    agents: usize,
    /// `nodes[agents + agent]` is an agent's, `nodes[i]` the lesser of `2i` and `2i + 1`, so that
    /// the least of all stands at 1.
    nodes: Vec<i64>,
}

impl Timers {
    pub fn new(agents: usize) -> Self {
        Self { agents, nodes: vec![NEVER_MS; 2 * agents.max(1)] }
    }

    /// Nothing is due.
    pub fn reset(&mut self) {
        self.nodes.fill(NEVER_MS);
    }

    /// As another of the same agents is.
    pub fn return_to(&mut self, start: &Self) {
        self.nodes.copy_from_slice(&start.nodes);
    }

    /// An agent's instant is another.
    pub fn set(&mut self, agent: usize, due_ms: i64) {
        let mut node = self.agents + agent;
        if self.nodes[node] == due_ms {
            return;
        }
        self.nodes[node] = due_ms;
        while node > 1 {
            node /= 2;
            let least = self.nodes[2 * node].min(self.nodes[2 * node + 1]);
            if self.nodes[node] == least {
                return;
            }
            self.nodes[node] = least;
        }
    }

    /// The earliest.
    #[inline]
    pub fn next_ms(&self) -> i64 {
        self.nodes[1]
    }

    /// Names those that are due at an instant.
    pub fn due(&self, now_ms: i64, mut name: impl FnMut(usize)) {
        if self.next_ms() <= now_ms {
            self.walk(1, now_ms, &mut name);
        }
    }

    fn walk(&self, node: usize, now_ms: i64, name: &mut impl FnMut(usize)) {
        if node >= self.agents {
            return name(node - self.agents);
        }
        for child in [2 * node, 2 * node + 1] {
            if self.nodes[child] <= now_ms {
                self.walk(child, now_ms, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(timers: &Timers, now_ms: i64) -> Vec<usize> {
        let mut found = Vec::new();
        timers.due(now_ms, |agent| found.push(agent));
        found.sort_unstable();
        found
    }

    /// Three agents, set and set again.
    #[test]
    fn the_earliest_and_all_that_are_due() {
        let mut timers = Timers::new(3);
        assert_eq!(timers.next_ms(), NEVER_MS);
        for (agent, due_ms) in [(0, 50), (1, 20), (2, 20)] {
            timers.set(agent, due_ms);
        }
        assert_eq!(timers.next_ms(), 20);
        assert_eq!(due(&timers, 19), [0; 0]);
        assert_eq!(due(&timers, 20), [1, 2]);
        assert_eq!(due(&timers, 50), [0, 1, 2]);
        timers.set(1, 70);
        timers.set(2, NEVER_MS);
        assert_eq!(timers.next_ms(), 50);
        timers.reset();
        assert_eq!(timers.next_ms(), NEVER_MS);
    }

    #[test]
    fn one_agent_or_none() {
        let mut timers = Timers::new(1);
        timers.set(0, 5);
        assert_eq!((timers.next_ms(), due(&timers, 5)), (5, vec![0]));
        assert_eq!(Timers::new(0).next_ms(), NEVER_MS);
    }
}
