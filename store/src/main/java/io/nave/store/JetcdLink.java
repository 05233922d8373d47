package io.nave.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An etcd reached by jetcd. The only class that knows it; jetcd has its own threads, sockets and
/// clock, so simulation has another link in its place.
final class JetcdLink implements EtcdLink {
  private static final Logger LOG = LoggerFactory.getLogger(JetcdLink.class);
  private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);
  private static final long ANSWER_WAIT_SECONDS = 10;

  private final Client client;
  private final String servers;

  private JetcdLink(Client client, String servers) {
    this.client = client;
    this.servers = servers;
  }

  /// Connects with the first call that needs it.
  ///
  /// @throws StoreBroken when the endpoints or certificates cannot be used
  static JetcdLink open(EtcdSettings settings) {
    var servers = String.join(",", settings.endpoints());
    try {
      var builder =
          Client.builder()
              .endpoints(settings.endpoints().toArray(new String[0]))
              .connectTimeout(CONNECT_WAIT)
              .keepaliveTime(Duration.ofSeconds(10))
              .keepaliveTimeout(Duration.ofSeconds(5))
              .keepaliveWithoutCalls(true)
              .waitForReady(false);
      var tls = settings.tls();
      if (tls != null) {
        secure(builder, tls);
      }
      return new JetcdLink(builder.build(), servers);
    } catch (SSLException | IllegalArgumentException e) {
      throw new StoreBroken(
          "etcd at "
              + servers
              + " cannot be used: "
              + e.getMessage()
              + ": look at --store and the"
              + " --etcd- files",
          e);
    }
  }

  private static void secure(ClientBuilder builder, EtcdSettings.Tls tls) throws SSLException {
    builder.sslContext((SslContextBuilder ssl) -> {
      if (!tls.authorities().isEmpty()) {
        ssl.trustManager(tls.authorities().toArray(new X509Certificate[0]));
      }
      if (tls.key() != null) {
        ssl.keyManager(tls.key(), tls.chain().toArray(new X509Certificate[0]));
      }
    });
  }

  @Override
  public Page range(String from, String end, int limit, long revision) {
    var option =
        GetOption.builder().withRange(bytes(end)).withLimit(limit).withRevision(revision).build();
    var answer = await(client.getKVClient().get(bytes(from), option));
    var items = answer.getKvs().stream().map(JetcdLink::item).toList();
    return new Page(items, answer.isMore(), answer.getHeader().getRevision());
  }

  @Override
  public Swapped swap(Put head, long headModRevision, List<Put> others) {
    var operations = new ArrayList<Op>(others.size() + 1);
    operations.add(operation(head));
    others.forEach(put -> operations.add(operation(put)));
    var key = bytes(head.key());
    var answer =
        await(
            client
                .getKVClient()
                .txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(headModRevision)))
                .Then(operations.toArray(new Op[0]))
                .Else(Op.get(key, GetOption.DEFAULT))
                .commit());
    long revision = answer.getHeader().getRevision();
    if (answer.isSucceeded()) {
      return new Swapped(true, revision, null);
    }
    var found = answer.getGetResponses().getFirst().getKvs();
    return new Swapped(false, revision, found.isEmpty() ? null : item(found.getFirst()));
  }

  private static Op operation(Put put) {
    byte[] value = put.value();
    return value == null
        ? Op.delete(bytes(put.key()), DeleteOption.DEFAULT)
        : Op.put(bytes(put.key()), ByteSequence.from(value), PutOption.DEFAULT);
  }

  @Override
  public Watching watch(
      String prefix, long from, Consumer<List<Item>> each, Consumer<Failure> failed) {
    var option = WatchOption.builder().isPrefix(true).withRevision(from).build();
    var listener = new Listener(each, failed);
    try {
      var watcher = client.getWatchClient().watch(bytes(prefix), option, listener);
      return () -> {
        listener.hush();
        closed(watcher);
      };
    } catch (EtcdException | IllegalStateException e) {
      throw new Unreachable("etcd at " + servers + " cannot be watched: " + e.getMessage(), e);
    }
  }

  /// A stream that broke at this moment cannot be ended any more, which is as good.
  private static void closed(Watch.Watcher watcher) {
    try {
      watcher.close();
    } catch (IllegalStateException e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the watch had ended already");
    }
  }

  /// Hands on what comes, until the first failure.
  private static final class Listener implements Watch.Listener {
    private final Consumer<List<Item>> each;
    private final Consumer<Failure> failed;
    private final AtomicBoolean over = new AtomicBoolean();

    Listener(Consumer<List<Item>> each, Consumer<Failure> failed) {
      this.each = each;
      this.failed = failed;
    }

    @Override
    public void onNext(WatchResponse response) {
      if (over.get() || response.getEvents().isEmpty()) {
        return;
      }
      try {
        each.accept(response.getEvents().stream().map(Listener::item).toList());
      } catch (RuntimeException e) {
        fail(new Failure(false, String.valueOf(e.getMessage())));
      }
    }

    private static Item item(WatchEvent event) {
      var now = event.getKeyValue();
      var gone = event.getEventType() == WatchEvent.EventType.DELETE;
      return new Item(
          now.getKey().toString(UTF_8),
          gone ? null : now.getValue().getBytes(),
          now.getModRevision());
    }

    @Override
    public void onError(Throwable fault) {
      fail(new Failure(fault instanceof CompactedException, String.valueOf(fault.getMessage())));
    }

    @Override
    public void onCompleted() {
      fail(new Failure(false, "the watch was closed"));
    }

    /// Hands on nothing any more.
    void hush() {
      over.set(true);
    }

    private void fail(Failure failure) {
      if (over.compareAndSet(false, true)) {
        failed.accept(failure);
      }
    }
  }

  @Override
  public void compact(long revision) {
    await(client.getKVClient().compact(revision));
  }

  @Override
  public void close() {
    client.close();
  }

  private static Item item(KeyValue found) {
    return new Item(
        found.getKey().toString(UTF_8), found.getValue().getBytes(), found.getModRevision());
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  private <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new Unreachable("etcd at " + servers + " gives no answer", e);
    } catch (InterruptedException e) {
      throw new io.nave.runtime.Cancelled();
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    }
  }

  private RuntimeException failure(Throwable fault) {
    var text = String.valueOf(fault.getMessage());
    var code = code(fault);
    if (text.contains("database space exceeded")) {
      return new StoreFull(
          "etcd at "
              + servers
              + " has spent its quota: compact and defragment it, disarm its NOSPACE alarm, or"
              + " raise its --quota-backend-bytes");
    }
    if (text.contains("request is too large")) {
      return new StoreFull(
          "an object is larger than etcd takes: make it smaller, or raise etcd's"
              + " --max-request-bytes");
    }
    if (code == ErrorCode.INVALID_ARGUMENT
        || code == ErrorCode.UNAUTHENTICATED
        || code == ErrorCode.PERMISSION_DENIED
        || code == ErrorCode.OUT_OF_RANGE) {
      return new StoreBroken("etcd at " + servers + " refused: " + text, fault);
    }
    return new Unreachable("etcd at " + servers + " gives no answer: " + text, fault);
  }

  private static @Nullable ErrorCode code(Throwable fault) {
    return fault instanceof EtcdException known ? known.getErrorCode() : null;
  }
}
