package io.nave.agent.program;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.DefaultLoggingEventBuilder;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// The agent's log on standard error, in the lines of the whole program:
///
/// ```
/// 2026-11-26T07:18:47.062Z INFO  RegistrationAgent where the agent stands cluster="east"
/// ```
///
/// A logging framework and its XML configuration are 700 classes, a tenth of the agent's memory.
/// The launcher chooses this by `-Dslf4j.provider=io.nave.agent.program.PlainLog`; `NAVE_LOG=DEBUG`
/// in the environment shows more of Nave, of libraries only warnings are shown.
public final class PlainLog implements SLF4JServiceProvider {
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
  private final Level own;
  private final PrintStream out;

  /// Called by SLF4J.
  public PlainLog() {
    this(level(System.getenv("NAVE_LOG")), System.err);
  }

  PlainLog(Level own, PrintStream out) {
    this.own = own;
    this.out = out;
  }

  static Level level(@Nullable String name) {
    try {
      return name == null ? Level.INFO : Level.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Level.INFO; // OFF and the like: an agent that says nothing helps nobody
    }
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name ->
        loggers.computeIfAbsent(
            name, _ -> new Lines(name, name.startsWith("io.nave.") ? own : Level.WARN, out));
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  /// One logger.
  private static final class Lines extends AbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    private final Level least;
    private final transient PrintStream out;
    private final String shortName;

    Lines(String name, Level least, PrintStream out) {
      this.name = name;
      this.least = least;
      this.out = out;
      this.shortName = name.substring(name.lastIndexOf('.') + 1);
    }

    @Override
    public LoggingEventBuilder makeLoggingEventBuilder(Level level) {
      return new DefaultLoggingEventBuilder(this, level);
    }

    @Override
    public void log(LoggingEvent event) {
      var text = MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
      var line = new StringBuilder(text == null ? "" : text);
      if (event.getKeyValuePairs() != null) {
        for (KeyValuePair pair : event.getKeyValuePairs()) {
          line.append(' ').append(pair.key).append("=\"").append(pair.value).append('"');
        }
      }
      write(event.getLevel(), line.toString(), event.getThrowable());
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String message,
        Object @Nullable [] arguments,
        @Nullable Throwable fault) {
      var text = MessageFormatter.basicArrayFormat(message, arguments);
      write(level, text == null ? "" : text, fault);
    }

    private void write(Level level, String text, @Nullable Throwable fault) {
      var line = new StringBuilder();
      line.append(now()).append(' ').append(level);
      line.append(" ".repeat(6 - level.toString().length()));
      line.append(shortName).append(' ').append(text);
      if (fault != null) {
        line.append(System.lineSeparator()).append(fault);
        for (var cause = fault.getCause(); cause != null; cause = cause.getCause()) {
          line.append(System.lineSeparator()).append("Caused by: ").append(cause);
        }
      }
      out.println(line);
    }

    /// A log line is told by the machine's own clock, whatever a part's host says.
    private static String now() {
      return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private boolean shows(Level level) {
      return level.toInt() >= least.toInt();
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return shows(Level.TRACE);
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
      return isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
      return shows(Level.DEBUG);
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
      return isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
      return shows(Level.INFO);
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
      return isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
      return shows(Level.WARN);
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
      return isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
      return shows(Level.ERROR);
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
      return isErrorEnabled();
    }
  }
}
