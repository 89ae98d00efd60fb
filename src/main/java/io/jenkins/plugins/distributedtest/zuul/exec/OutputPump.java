package io.jenkins.plugins.distributedtest.zuul.exec;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the output of all processes into their logs, with one thread. A process writes to a file; what was added to it
 * since the last look, a few times a second, goes to the log with the time of that look. A file whose log is full is
 * emptied at every look, so that a process that never stops printing does not fill the disk.
 */
final class OutputPump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** Of an output's head and tail so much is kept for messages. */
    private static final int KEPT = 8 << 10;

    private final EventLoop loop = new EventLoop("zuul-output");
    private final Map<Path, Source> sources = new HashMap<>(); // belongs to the loop
    private final byte[] buffer = new byte[64 << 10]; // belongs to the loop
    private boolean looking; // belongs to the loop

    private static final class Source {
        final FileChannel channel;
        final TimedLog log;
        final BoundedText kept = new BoundedText(KEPT, KEPT);
        long position;

        Source(FileChannel channel, TimedLog log) {
            this.channel = channel;
            this.log = log;
        }
    }

    /**
     * Starts to follow a file that a process appends to.
     *
     * @param file the file, which exists
     * @param log where it goes; null if it is only kept for a message
     */
    void add(Path file, TimedLog log) {
        loop.execute(() -> {
            try {
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                sources.put(file, new Source(channel, log));
                lookSoon();
            } catch (IOException e) {
                LOG.warn("The output in {} is lost: {}", file, e.toString());
            }
        });
    }

    /** Reads what is left of a file, and removes it. */
    CompletableFuture<String> finish(Path file) {
        return loop.submit(() -> {
            Source source = sources.remove(file);
            if (source == null) {
                return "";
            }
            try (FileChannel channel = source.channel) {
                read(source);
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("The end of the output in {} is lost: {}", file, e.toString());
            }
            if (source.log != null) {
                source.log.endOutput();
            }
            return source.kept.toString();
        });
    }

    private void lookSoon() {
        if (!looking && !sources.isEmpty()) {
            looking = true;
            loop.schedule(LOOK, this::look);
        }
    }

    private void look() {
        looking = false;
        for (Map.Entry<Path, Source> each : List.copyOf(sources.entrySet())) {
            try {
                read(each.getValue());
            } catch (IOException e) {
                LOG.warn("The output in {} is lost: {}", each.getKey(), e.toString());
                sources.remove(each.getKey());
            }
        }
        lookSoon();
    }

    private void read(Source source) throws IOException {
        while (true) {
            boolean full = source.log != null && source.log.isFull();
            long unread = source.channel.size() - source.position;
            if (full && unread > TimedLog.MAX_TAIL) {
                source.log.drop(unread - TimedLog.MAX_TAIL);
                source.position += unread - TimedLog.MAX_TAIL;
            }
            int count = source.channel.read(ByteBuffer.wrap(buffer), source.position);
            if (count <= 0) {
                if (full && source.position > 0) {
                    // The process appends, so it goes on at the new end.
                    source.channel.truncate(0);
                    source.position = 0;
                }
                return;
            }
            source.position += count;
            source.kept.append(buffer, 0, count);
            if (source.log != null) {
                source.log.output(buffer, count);
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
