//! How are parties connected, and by which facts? Questions on a published snapshot of the graph.
//!
//! A snapshot never changes, so any number of readers search it at once.
//!
//! | question | file |
//! |---|---|
//! | who is linked to whom, by which facts | [`snapshot`] |
//! | the shortest chain | [`shortest`] |
//! | what can be asked about chains, what is answered | [`question`] |
//! | the best chains, and what to lift when there is none | [`ranked`] |

mod meet;
pub mod question;
pub mod ranked;
mod rules;
mod search;
pub mod shortest;
pub mod snapshot;
