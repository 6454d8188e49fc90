//! How do many threads work on a stream and still give one order? A reader hands out numbered tasks, workers answer in any
//! order, the caller takes the answers by number.
//!
//! ```text
//! produce ─► tasks ─► workers ─► answers ─► (by number) ─► each
//!    ▲                                          │
//!    └──────────── permits (bounded) ◄──────────┘
//! ```
//! Never more than `threads + 3` tasks and answers are alive, however uneven the work.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

/// Works on everything that `produce` gives and hands the answers to `each` in the order of production. `produce` gets a
/// function that takes a task and says whether more are wanted. With one thread everything happens on the caller's.
pub(super) fn in_order<T: Send, U: Send>(
    threads: usize,
    produce: impl FnOnce(&mut dyn FnMut(T) -> bool) + Send,
    work: impl Fn(T) -> U + Sync,
    mut each: impl FnMut(U) -> ControlFlow<()>,
) {
    if threads <= 1 {
        return produce(&mut |task| each(work(task)).is_continue());
    }
    let (give_task, tasks) = channel::<(u64, T)>();
    let (give_answer, answers) = channel::<(u64, U)>();
    let (take_permit, permits) = sync_channel::<()>(threads + 2);
    let tasks = Mutex::new(tasks);
    std::thread::scope(|scope| {
        scope.spawn(move || number(produce, &give_task, &take_permit));
        for _ in 0..threads {
            let (tasks, work, give_answer) = (&tasks, &work, give_answer.clone());
            scope.spawn(move || answer(tasks, work, &give_answer));
        }
        drop(give_answer);
        by_number(&answers, &permits, &mut each);
        drop((answers, permits));
    });
}

fn number<T>(produce: impl FnOnce(&mut dyn FnMut(T) -> bool), give: &Sender<(u64, T)>, permit: &SyncSender<()>) {
    let mut next = 0;
    produce(&mut |task| {
        if permit.send(()).is_err() || give.send((next, task)).is_err() {
            return false;
        }
        next += 1;
        true
    });
}

fn answer<T, U>(tasks: &Mutex<Receiver<(u64, T)>>, work: &impl Fn(T) -> U, give: &Sender<(u64, U)>) {
    loop {
        let task = tasks.lock().map(|tasks| tasks.recv());
        let Ok(Ok((number, task))) = task else { return };
        if give.send((number, work(task))).is_err() {
            return;
        }
    }
}

fn by_number<U>(answers: &Receiver<(u64, U)>, permits: &Receiver<()>, each: &mut impl FnMut(U) -> ControlFlow<()>) {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (number, answer) in answers {
        waiting.insert(number, answer);
        while let Some(answer) = waiting.remove(&next) {
            next += 1;
            let _ = permits.recv();
            if each(answer).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_order_for_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let mut seen = Vec::new();
            in_order(
                threads,
                |give| assert!((0..500_u64).all(give)),
                |task| {
                    if task % 7 == 0 {
                        std::thread::yield_now();
                    }
                    task * 2
                },
                |answer| {
                    seen.push(answer);
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(seen, (0..500).map(|task| task * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_break_ends_everything() {
        for threads in [1, 3] {
            let (mut seen, mut refused) = (0, false);
            in_order(
                threads,
                |give| refused = (0..1_000_000_u64).any(|task| !give(task)),
                |task| task,
                |_| {
                    seen += 1;
                    if seen == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
            assert_eq!((seen, refused), (10, true));
        }
    }
}
