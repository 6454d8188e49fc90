//! Which numbers stand in two ascending lists? Read side by side, or by galloping when one is much longer.
//!
//! Cost: the sum of the lengths, or the short one times the logarithm of the gaps in the long one.

/// Numbers in both lists, ascending, with their places in each.
#[derive(Clone, Debug)]
pub(super) struct Meet<'a> {
    one: &'a [u32],
    other: &'a [u32],
    at: (usize, usize),
    gallop: bool,
}

impl<'a> Meet<'a> {
    pub(super) fn of(one: &'a [u32], other: &'a [u32]) -> Meet<'a> {
        /// A list this many times as long as the other is galloped through.
        const GALLOP_FROM: usize = 16;
        let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
        Meet { one, other, at: (0, 0), gallop: long / GALLOP_FROM > short }
    }

    /// How many numbers were passed in both lists together.
    pub(super) fn passed(&self) -> u64 {
        if self.gallop {
            let short = if self.one.len() < self.other.len() { self.at.0 } else { self.at.1 };
            return 8 * short as u64;
        }
        (self.at.0 + self.at.1) as u64
    }
}

impl Iterator for Meet<'_> {
    /// The number, and its places in the one and in the other list.
    type Item = (u32, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let (mut at, mut across) = self.at;
        while let (Some(&x), Some(&y)) = (self.one.get(at), self.other.get(across)) {
            if x == y {
                self.at = (at + 1, across + 1);
                return Some((x, at, across));
            }
            if self.gallop {
                if x < y {
                    at += skip_to(&self.one[at..], y);
                } else {
                    across += skip_to(&self.other[across..], x);
                }
            } else {
                at += usize::from(x < y);
                across += usize::from(y < x);
            }
        }
        self.at = (self.one.len().min(at.max(self.at.0)), self.other.len().min(across.max(self.at.1)));
        None
    }
}

/// The place of the first number that is not below `wanted`.
fn skip_to(list: &[u32], wanted: u32) -> usize {
    let mut step = 1;
    while step < list.len() && list[step] < wanted {
        step *= 2;
    }
    let end = (step + 1).min(list.len());
    let begin = step / 2;
    begin + list[begin..end].partition_point(|&number| number < wanted)
}

#[cfg(test)]
mod tests {
    use super::Meet;

    #[test]
    fn finds_what_is_in_both() {
        let long: Vec<u32> = (0..1_000).map(|n| n * 3).collect();
        for short in [vec![], vec![9], vec![0, 1, 2_997, 4_000], (0..900).collect()] {
            let plain: Vec<u32> = short.iter().copied().filter(|n| long.contains(n)).collect();
            let met: Vec<u32> = Meet::of(&short, &long).map(|(number, ..)| number).collect();
            assert_eq!(met, plain);
            for (number, at, across) in Meet::of(&long, &short) {
                assert_eq!((long[at], short[across]), (number, number));
            }
        }
    }
}
