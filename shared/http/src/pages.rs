//! Paging as a stream, the same for every endpoint.

use std::future::Future;

use futures_util::stream::{self, Stream};

/// One page and where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The records, in the vendor's order.
    pub items: Vec<T>,
    /// Where to go on; `None` after the last page.
    pub next: Option<C>,
}

/// The records of all pages from `first` on; a page is fetched when its first record is asked for.
///
/// An error ends the stream: what came before it is whole, and a caller that keeps a cursor goes on from there.
pub fn pages<T, C, E, F, Fut>(first: C, fetch: F) -> impl Stream<Item = Result<T, E>>
where
    F: FnMut(C) -> Fut,
    Fut: Future<Output = Result<Page<T, C>, E>>,
{
    let state = (Vec::new().into_iter(), Some(first), fetch);
    stream::try_unfold(state, |(mut items, mut next, mut fetch)| async move {
        loop {
            if let Some(item) = items.next() {
                return Ok(Some((item, (items, next, fetch))));
            }
            let Some(cursor) = next else { return Ok(None) };
            let page = fetch(cursor).await?;
            (items, next) = (page.items.into_iter(), page.next);
        }
    })
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, TryStreamExt};

    use super::*;

    fn page(cursor: u32) -> Result<Page<u32, u32>, &'static str> {
        match cursor {
            0 => Ok(Page { items: vec![1, 2], next: Some(1) }),
            1 => Ok(Page { items: vec![], next: Some(2) }),
            2 => Ok(Page { items: vec![3], next: None }),
            _ => Err("lost"),
        }
    }

    #[tokio::test]
    async fn all_pages_come_in_order_and_an_empty_one_in_the_middle_ends_nothing() {
        let all: Vec<u32> = pages(0, |c| async move { page(c) }).try_collect().await.unwrap();
        assert_eq!(all, [1, 2, 3]);
    }

    #[tokio::test]
    async fn a_page_is_fetched_only_when_it_is_needed() {
        let mut fetched = 0;
        let first: Vec<_> = pages(0, |c| {
            fetched += 1;
            async move { page(c) }
        })
        .take(2)
        .collect()
        .await;
        assert_eq!((first, fetched), (vec![Ok(1), Ok(2)], 1));
    }

    #[tokio::test]
    async fn an_error_ends_the_stream() {
        let all: Vec<_> = pages(7, |c| async move { page(c) }).collect().await;
        assert_eq!(all, [Err("lost")]);
    }
}
