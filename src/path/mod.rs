//! How are parties connected, and by which facts? Questions on a published snapshot of the graph.
//!
//! | question | file |
//! |---|---|
//! | who is linked to whom, by which facts | [`snapshot`] |
//! | the shortest chain | [`shortest`] |

pub mod shortest;
pub mod snapshot;
