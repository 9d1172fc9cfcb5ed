//! Between which marks nothing can happen, agent by agent, and who is left when a mark moves on.
//!
//! Per asset a tree over the agents that its price concerns: each node keeps the narrowest of the
//! intervals below it, so that the root is the path's, and those whose interval a mark has left are
//! found by going down where it is outside.

/// Against rounding of thresholds: an interval is left so much before its end.
const MARGIN: f64 = 1e-9;

/// Nothing lies anywhere.
const OPEN: [f64; 2] = [0.0, f64::INFINITY];

/// The tree of one asset: `leaves` agents, twice as many nodes from `start` on, the root at 1.
#[derive(Clone, Copy)]
struct Tree {
    start: usize,
    leaves: usize,
}

/// One agent's interval of one asset.
#[derive(Clone, Copy)]
struct Share {
    asset: usize,
    leaf: usize,
}

/// Intervals of marks, open at both ends.
#[derive(Clone)]
pub(in crate::engine) struct Bounds {
    trees: Vec<Tree>,
    /// Low and high of each node of all trees.
    nodes: Vec<[f64; 2]>,
    /// The agent of each leaf, in the order of `nodes`.
    holders: Vec<u32>,
    /// The intervals of agent `n` are `shares[first[n]..first[n + 1]]`.
    shares: Vec<Share>,
    first: Vec<usize>,
    /// Assets whose root is another than at the last [`Bounds::take_changed`], and whether.
    changed: Vec<usize>,
    is_changed: Vec<bool>,
}

impl Bounds {
    /// Room for the assets (each once) that concern each agent.
    pub fn new(assets: usize, agents: usize, assets_of: impl Fn(usize) -> Vec<usize>) -> Self {
        let mut leaves = vec![0; assets];
        let (mut shares, mut first) = (Vec::new(), vec![0]);
        let mut agent_of_share = Vec::new();
        for agent in 0..agents {
            for asset in assets_of(agent) {
                shares.push(Share { asset, leaf: leaves[asset] });
                agent_of_share.push(agent);
                leaves[asset] += 1;
            }
            first.push(shares.len());
        }
        let mut start = 0;
        let trees: Vec<Tree> = (leaves.iter())
            .map(|&leaves| {
                let tree = Tree { start, leaves };
                start += 2 * leaves.max(1);
                tree
            })
            .collect();
        let mut holders = vec![0; start];
        for (share, agent) in shares.iter().zip(agent_of_share) {
            let tree = trees[share.asset];
            holders[tree.start + tree.leaves + share.leaf] =
                u32::try_from(agent).expect("fewer than 2^32 agents");
        }
        let nodes = vec![OPEN; start];
        let (changed, is_changed) = (Vec::with_capacity(assets), vec![false; assets]);
        Self { trees, nodes, holders, shares, first, changed, is_changed }
    }

    /// Nothing lies anywhere; every asset counts as changed.
    pub fn reset(&mut self) {
        self.nodes.fill(OPEN);
        self.changed.clear();
        self.changed.extend(0..self.trees.len());
        self.is_changed.fill(true);
    }

    /// As another of the same agents is.
    pub fn return_to(&mut self, start: &Self) {
        self.nodes.copy_from_slice(&start.nodes);
        self.changed.clone_from(&start.changed);
        self.is_changed.copy_from_slice(&start.is_changed);
    }

    /// Opens the intervals of an agent's assets in `low` and `high`.
    pub fn open(&self, agent: usize, low: &mut [f64], high: &mut [f64]) {
        for share in &self.shares[self.first[agent]..self.first[agent + 1]] {
            [low[share.asset], high[share.asset]] = OPEN;
        }
    }

    /// Takes an agent's intervals from `low` and `high`.
    pub fn set(&mut self, agent: usize, low: &[f64], high: &[f64]) {
        for index in self.first[agent]..self.first[agent + 1] {
            let share = self.shares[index];
            let (low, high) = (low[share.asset], high[share.asset]);
            self.set_leaf(share, [low * (1.0 + MARGIN), high * (1.0 - MARGIN)]);
        }
    }

    fn set_leaf(&mut self, Share { asset, leaf }: Share, interval: [f64; 2]) {
        let Tree { start, leaves } = self.trees[asset];
        let nodes = &mut self.nodes[start..start + 2 * leaves];
        let mut node = leaves + leaf;
        let mut value = interval;
        loop {
            if nodes[node] == value {
                return;
            }
            nodes[node] = value;
            if node == 1 {
                break;
            }
            node /= 2;
            let [a, b] = [nodes[2 * node], nodes[2 * node + 1]];
            value = [a[0].max(b[0]), a[1].min(b[1])];
        }
        self.mark_changed(asset);
    }

    /// An asset's interval is to be told anew.
    pub fn mark_changed(&mut self, asset: usize) {
        if !std::mem::replace(&mut self.is_changed[asset], true) {
            self.changed.push(asset);
        }
    }

    /// The interval that holds for all agents.
    #[inline]
    pub fn of(&self, asset: usize) -> [f64; 2] {
        let Tree { start, leaves } = self.trees[asset];
        if leaves == 0 { OPEN } else { self.nodes[start + 1] }
    }

    /// Assets whose interval may be another than when this was last called.
    pub fn take_changed(&mut self, into: &mut Vec<usize>) {
        into.clear();
        into.append(&mut self.changed);
        for asset in into.iter() {
            self.is_changed[*asset] = false;
        }
    }

    /// Adds the agents whose interval of some asset does not hold a mark; one may come twice.
    pub fn left_by(&self, marks: &[f64], agents: &mut Vec<usize>) {
        for (tree, mark) in self.trees.iter().zip(marks) {
            let Tree { start, leaves } = *tree;
            if leaves > 0 && is_outside(self.nodes[start + 1], *mark) {
                self.walk(*tree, 1, *mark, agents);
            }
        }
    }

    fn walk(&self, tree: Tree, node: usize, mark: f64, agents: &mut Vec<usize>) {
        if node >= tree.leaves {
            return agents.push(self.holders[tree.start + node] as usize);
        }
        for child in [2 * node, 2 * node + 1] {
            if is_outside(self.nodes[tree.start + child], mark) {
                self.walk(tree, child, mark, agents);
            }
        }
    }
}

#[inline]
fn is_outside([low, high]: [f64; 2], mark: f64) -> bool {
    !(mark > low && mark < high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Agents 0 to 2 are in asset 0, agents 1 and 2 in asset 1, nobody in asset 2.
    fn bounds() -> Bounds {
        let mut bounds = Bounds::new(3, 3, |agent| if agent == 0 { vec![0] } else { vec![0, 1] });
        bounds.reset();
        bounds.set(0, &[90.0, 0.0], &[105.0, 0.0]);
        bounds.set(1, &[95.0, 40.0], &[120.0, f64::INFINITY]);
        bounds.set(2, &[0.0, 30.0], &[110.0, 60.0]);
        bounds
    }

    fn left(bounds: &Bounds, marks: [f64; 3]) -> Vec<usize> {
        let mut agents = Vec::new();
        bounds.left_by(&marks, &mut agents);
        agents.sort_unstable();
        agents.dedup();
        agents
    }

    #[test]
    fn the_narrowest_of_all_and_who_is_left() {
        let bounds = bounds();
        let near = |[low, high]: [f64; 2], wanted: [f64; 2]| {
            assert!((low - wanted[0]).abs() < 1e-6, "{low} for {}", wanted[0]);
            assert!(high == wanted[1] || (high - wanted[1]).abs() < 1e-6, "{high}");
        };
        near(bounds.of(0), [95.0, 105.0]);
        near(bounds.of(1), [40.0, 60.0]);
        assert_eq!(bounds.of(2), OPEN);
        let rows: [([f64; 3], &[usize]); 7] = [
            ([100.0, 50.0, 1.0], &[]),
            ([94.0, 50.0, 1.0], &[1]),
            ([90.0, 50.0, 1.0], &[0, 1]),
            ([106.0, 50.0, 1.0], &[0]),
            ([130.0, 50.0, 1.0], &[0, 1, 2]),
            ([100.0, 35.0, 1.0], &[1]),
            ([100.0, 60.0, 1.0], &[2]),
        ];
        for (marks, agents) in rows {
            assert_eq!(left(&bounds, marks), agents, "{marks:?}");
        }
    }

    #[test]
    fn what_has_changed_is_told_once() {
        let mut bounds = bounds();
        let mut changed = Vec::new();
        bounds.take_changed(&mut changed);
        assert_eq!(changed, [0, 1, 2]);
        // Agent 2's interval of asset 0 holds nobody back, that of asset 1 does.
        bounds.set(2, &[50.0, 30.0], &[110.0, 55.0]);
        bounds.take_changed(&mut changed);
        assert_eq!(changed, [1]);
        let (mut low, mut high) = ([7.0; 3], [7.0; 3]);
        bounds.open(0, &mut low, &mut high);
        assert_eq!((low, high), ([0.0, 7.0, 7.0], [f64::INFINITY, 7.0, 7.0]));
        bounds.take_changed(&mut changed);
        assert!(changed.is_empty());
    }
}
