package io.jenkins.plugins.distributedtest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/**
 * What is logged while it is open, whatever levels another test of this JVM has left behind: those of the loggers below
 * do not hold meanwhile, such as the silence that the program gives to libraries.
 */
public final class LogCapture implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger;
    /** Held here too, since the log manager forgets loggers that nobody holds. */
    private final Map<Logger, Level> before = new LinkedHashMap<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord one) {
            records.add(one);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** From INFO on, of a logger and those below it. */
    public LogCapture(String name) {
        this(name, Level.INFO);
    }

    /** From a level on, of a logger and those below it. */
    public LogCapture(String name, Level level) {
        logger = Logger.getLogger(name);
        before.put(logger, logger.getLevel());
        below(name).filter(one -> one.getLevel() != null).forEach(one -> {
            before.put(one, one.getLevel());
            one.setLevel(null);
        });
        handler.setLevel(Level.ALL);
        logger.setLevel(level);
        logger.addHandler(handler);
    }

    private static Stream<Logger> below(String name) {
        return Collections.list(LogManager.getLogManager().getLoggerNames()).stream()
                .filter(one -> !one.equals(name) && (name.isEmpty() || one.startsWith(name + ".")))
                .map(Logger::getLogger);
    }

    /** The records until now. */
    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** Their messages, with what is put into them. */
    public List<String> lines() {
        return records().stream()
                .map(one -> new SimpleFormatter().formatMessage(one))
                .toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        before.forEach(Logger::setLevel);
    }
}
