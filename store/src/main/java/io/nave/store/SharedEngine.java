package io.nave.store;

import java.util.List;
import java.util.Map;

/// An engine that the stores of several processes write to: each hears of what the others wrote,
/// and may write only on top of all of it.
///
/// So every commit anywhere is checked against the newest state, revisions are one sequence for
/// all, and each store's history is the same. A store that is behind hears the news, prepares its
/// commits again and tries again.
public interface SharedEngine extends Engine {
  /// What became durable since the last question, in order, own writes included.
  sealed interface News {
    /// One transaction, of whichever process.
    record Written(List<Entry> entries) implements News {}

    /// Some transactions can no longer be told one by one: this is the state after them.
    record Reset(Map<StoreKey, byte[]> objects, long revision) implements News {}
  }

  /// Others have written up to this revision: hear of it, and prepare anew.
  final class Behind extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The store's revision when this write was refused.
    final long revision;

    public Behind(long revision) {
      super("others have written up to revision " + revision);
      this.revision = revision;
    }
  }

  /// Begins to listen; called once, after [#load].
  ///
  /// @param poke called from any task when there are news
  void follow(Runnable poke);

  /// Takes what was heard. Writer task only.
  List<News> news();

  /// The revision of the last commit of any process that was acknowledged before this call. Called
  /// from any task; waits for an answer.
  ///
  /// @throws StoreUnreachable when none comes in time
  long head();
}
