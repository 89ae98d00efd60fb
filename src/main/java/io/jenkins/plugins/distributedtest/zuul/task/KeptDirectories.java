package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes working directories: of a job that succeeded at once, of others after a while. Files in each
 * name its owner and since when nobody needs it; a directory without such a file is not this program's and stays.
 */
final class KeptDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(KeptDirectories.class);
    private static final String MARK = ".distributed-test-job";
    private static final String ENDED = ".distributed-test-ended";
    private static final int MAX_MARK = 200;
    private static final String OWN = identity(ProcessHandle.current());
    private static final Pattern ID = Pattern.compile("[0-9a-f]{" + TaskDirectories.ID_LENGTH + "}");
    /** A directory gets its mark as soon as it is made; one that has none after this long gets none any more. */
    private static final Duration UNMARKED = Duration.ofMinutes(10);

    private final List<Path> parents;
    private final Duration keep;

    /**
     * @param parents where the directories are
     * @param keep how long those of jobs that did not succeed are kept
     */
    KeptDirectories(List<Path> parents, Duration keep) {
        this.parents = parents;
        this.keep = keep;
    }

    /** Marks a directory as this process's. */
    static void own(Path directory) throws IOException {
        Files.writeString(directory.resolve(MARK), OWN + "\n");
    }

    /** A process by its id and start, since ids come back. */
    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** A job is over whose directories are kept for a while. */
    static void ended(Path... directories) {
        for (Path directory : directories) {
            try {
                if (Files.isDirectory(directory)) {
                    PlainFile.anew(directory.resolve(ENDED)).close();
                }
            } catch (IOException e) {
                LOG.warn("{} cannot be marked as no longer needed: {}", directory, e.toString());
            }
        }
    }

    /** Removes what has been kept for long enough, also what a process has left that is gone. */
    void sweep() {
        for (Path directory : ours()) {
            Instant ended = endOf(directory);
            if (ended != null && ended.plus(keep).isBefore(Instant.now())) {
                LOG.info("Removing {}, kept since {}", directory, ended);
                remove(directory);
            }
        }
    }

    /**
     * Removes what is kept, the oldest first, until there is enough space.
     *
     * @param enough whether there is
     * @throws IOException if that cannot be found out
     */
    void free(Enough enough) throws IOException {
        if (enough.isThere()) {
            return;
        }
        Map<Path, Instant> ends = new HashMap<>();
        for (Path directory : ours()) {
            Instant ended = endOf(directory);
            if (ended != null) {
                ends.put(directory, ended);
            }
        }
        List<Path> oldest = new ArrayList<>(ends.keySet());
        oldest.sort(Comparator.comparing(ends::get));
        for (Path directory : oldest) {
            if (enough.isThere()) {
                return;
            }
            LOG.warn("Removing {}, kept since {}, since there is too little space", directory, ends.get(directory));
            remove(directory);
        }
    }

    /** Whether there is enough space. */
    interface Enough {
        boolean isThere() throws IOException;
    }

    private List<Path> ours() {
        List<Path> all = new ArrayList<>();
        for (Path parent : parents) {
            try (Stream<Path> list = Files.list(parent)) {
                list.filter(KeptDirectories::isOurs).forEach(all::add);
            } catch (NoSuchFileException e) {
                LOG.debug("Nothing was kept yet in {}", parent);
            } catch (IOException e) {
                LOG.warn("{} cannot be listed: {}", parent, e.toString());
            }
        }
        return all;
    }

    /** By its mark, or by its name where a full disk kept it from getting one. */
    private static boolean isOurs(Path directory) {
        return Files.isRegularFile(directory.resolve(MARK))
                || ID.matcher(directory.getFileName().toString()).matches()
                        && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    }

    /** Since when nobody needs a directory; null if somebody does. */
    private static Instant endOf(Path directory) {
        try {
            Path ended = directory.resolve(ENDED);
            if (Files.exists(ended, LinkOption.NOFOLLOW_LINKS)) {
                return Files.getLastModifiedTime(ended, LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
            }
            String owner = owner(directory);
            if (owner.isEmpty()) {
                Instant made = Files.getLastModifiedTime(directory).toInstant();
                return made.plus(UNMARKED).isBefore(Instant.now()) ? made : null;
            }
            boolean lives = ProcessHandle.of(Long.parseLong(owner.split(" ")[0]))
                    .filter(process -> identity(process).equals(owner))
                    .isPresent();
            return lives
                    ? null
                    : Files.getLastModifiedTime(directory.resolve(MARK)).toInstant();
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    /** Who has made a directory; empty where a job has taken the mark away. */
    private static String owner(Path directory) throws IOException {
        try (InputStream in = PlainFile.read(directory.resolve(MARK))) {
            return in == null ? "" : new String(in.readNBytes(MAX_MARK), StandardCharsets.UTF_8).strip();
        }
    }

    /** Removes a directory with all that is in it, never what a link in it leads to. */
    static void remove(Path directory) {
        try {
            Files.walkFileTree(directory, new Removal());
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone already", directory);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", directory, e.toString());
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            // A test may have taken our own permissions away.
            if (!Files.isWritable(directory) || !Files.isReadable(directory)) {
                directory.toFile().setWritable(true, true);
                directory.toFile().setReadable(true, true);
                directory.toFile().setExecutable(true, true);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
