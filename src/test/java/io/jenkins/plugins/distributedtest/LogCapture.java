package io.jenkins.plugins.distributedtest;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged while it is open, whatever level another test of this JVM has left behind. */
public final class LogCapture implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level before;
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
        before = logger.getLevel();
        handler.setLevel(Level.ALL);
        logger.setLevel(level);
        logger.addHandler(handler);
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
        logger.setLevel(before);
    }
}
