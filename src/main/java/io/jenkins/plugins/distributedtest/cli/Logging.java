package io.jenkins.plugins.distributedtest.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sets up {@code java.util.logging}, which every library logs to through SLF4J. The console is for the command's own
 * words: a log line gets there only when it is a warning, or when asked for.
 */
final class Logging {
    private static final int FILE_BYTES = 10 << 20;
    /** Libraries that report as warnings what we tell in our own words. */
    private static final List<String> LOUD = List.of("com.rabbitmq", "org.apache.qpid", "qpid", "org.jline");
    /** JUL forgets loggers that nobody holds, and their levels with them. */
    private static final List<Logger> HELD =
            LOUD.stream().map(Logger::getLogger).toList();

    private static volatile LogFile logFile;

    private Logging() {}

    /** Opens the log file anew under its name, which may have been given to another file meanwhile. */
    static void reopen() {
        LogFile file = logFile;
        if (file != null) {
            file.reopen();
        }
    }

    /**
     * Logs to standard error.
     *
     * @param level from which level on; loud libraries not at all, unless the level is finer than INFO
     */
    static void toConsole(Level level) {
        Handler handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        use(handler, level);
    }

    /**
     * Logs to a file, made with its directory when missing, kept with a number added when it has ten MiB.
     *
     * @param file the file
     * @param level from which level on
     * @throws CliException if it cannot be written
     */
    static void toFile(Path file, Level level) throws CliException {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            LogFile opened = new LogFile(file.toAbsolutePath(), FILE_BYTES);
            use(opened, level);
            logFile = opened;
        } catch (IOException e) {
            throw new CliException("Cannot write the log file " + file + ": " + e.getMessage());
        }
    }

    private static void use(Handler handler, Level level) {
        LogManager.getLogManager().reset();
        handler.setFormatter(new OneLine());
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(level);
        boolean verbose = level.intValue() < Level.INFO.intValue();
        HELD.forEach(logger -> logger.setLevel(verbose ? Level.INFO : Level.OFF));
    }

    /** Time, level, short logger name, message; then the stack trace, if there is one. */
    private static final class OneLine extends Formatter {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

        @Override
        public String format(LogRecord entry) {
            String logger = String.valueOf(entry.getLoggerName());
            String line = TIME.format(entry.getInstant()) + " " + entry.getLevel() + " "
                    + logger.substring(logger.lastIndexOf('.') + 1) + ": " + formatMessage(entry) + "\n";
            if (entry.getThrown() == null) {
                return line;
            }
            StringWriter trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace, true));
            return line + trace;
        }
    }
}
