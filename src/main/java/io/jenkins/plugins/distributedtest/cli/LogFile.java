package io.jenkins.plugins.distributedtest.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * A log file under exactly the name that was configured, as people and their log watchers expect it; the platform's own
 * handler adds a number to it. When it is full it is kept with {@code .1} added, the one before that with {@code .2}.
 */
final class LogFile extends Handler {
    private final Path file;
    private final long limit;
    private Writer out;
    private long size;

    /**
     * Opens it, to add to what is there.
     *
     * @param file the file; its directory exists
     * @param limit bytes from which on it is full
     * @throws IOException if it cannot be written
     */
    LogFile(Path file, long limit) throws IOException {
        this.file = file;
        this.limit = limit;
        open();
    }

    private void open() throws IOException {
        out = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = Files.size(file);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        if (out == null || !isLoggable(entry)) {
            return;
        }
        try {
            if (size >= limit) {
                turnOver();
            }
            String text = getFormatter().format(entry);
            out.write(text);
            // At once: a log that ends before the trouble helps nobody.
            out.flush();
            size += text.length();
        } catch (IOException e) {
            reportError("Cannot write " + file, e, ErrorManager.WRITE_FAILURE);
        }
    }

    /** Opens the file of this name, whatever has become of the one that was open. */
    synchronized void reopen() {
        if (out == null) {
            return;
        }
        try {
            out.close();
            open();
        } catch (IOException e) {
            reportError("Cannot write " + file, e, ErrorManager.OPEN_FAILURE);
        }
    }

    private void turnOver() throws IOException {
        out.close();
        Path before = numbered(1);
        if (Files.exists(before)) {
            Files.move(before, numbered(2), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(file, before);
        open();
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void flush() {
        // Every line is.
    }

    @Override
    public synchronized void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            reportError("Cannot write " + file, e, ErrorManager.CLOSE_FAILURE);
        } finally {
            out = null;
        }
    }
}
