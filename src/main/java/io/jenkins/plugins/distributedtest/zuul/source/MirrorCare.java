package io.jenkins.plugins.distributedtest.zuul.source;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the mirrors small, while no job runs: packs those that have grown, and removes those that hold nothing, that
 * nobody has used for long, and, the longest unused first, what is beyond the bound for all of them. Each under its lock.
 */
public final class MirrorCare {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorCare.class);
    /** So many objects lie about loose until they are packed. */
    private static final int LOOSE = 200;

    private static final Pattern LOOSE_NAME = Pattern.compile("[0-9a-f]{38}|[0-9a-f]{62}");
    /** So many packs there are until they become one. */
    private static final int PACKS = 20;
    /** A mirror into which nothing was ever fetched is of a project that is none. */
    private static final Duration BOGUS = Duration.ofHours(1);

    private final GitSources sources;
    /** Belongs to the loop; null while nothing is done. */
    private Stopper working;

    /** @param sources has the mirrors */
    public MirrorCare(GitSources sources) {
        this.sources = sources;
    }

    private record Mirror(Path directory, Instant used, boolean isEmpty, long bytes, Objects objects) {}

    private record Objects(int loose, int packs) {
        boolean areMany() {
            return loose >= LOOSE || packs >= PACKS;
        }
    }

    /**
     * Does what is to be done, unless it is being done. Call it on the loop.
     *
     * @param scratch a directory for temporary files; made when missing
     */
    public void begin(Path scratch) {
        if (working != null) {
            return;
        }
        Stopper stopper = new Stopper();
        working = stopper;
        ProcessContext context = new ProcessContext(scratch, "mirrors-" + System.nanoTime(), null, stopper);
        Executor loop = sources.processes().loop()::execute;
        sources.processes()
                .pool()
                .submit(() -> {
                    Files.createDirectories(scratch);
                    return all();
                })
                .thenComposeAsync(mirrors -> each(mirrors, context), loop)
                .whenCompleteAsync((done, problem) -> ended(stopper, problem), loop);
    }

    /** Ends what is being done, soon. Call it on the loop. */
    public void stop(String reason) {
        if (working != null) {
            working.stop(reason);
        }
    }

    private void ended(Stopper stopper, Throwable problem) {
        working = null;
        if (problem != null && !stopper.isStopped()) {
            LOG.warn("The mirrors could not be looked after: {}", problem.toString());
        }
    }

    private CompletableFuture<Void> each(List<Mirror> mirrors, ProcessContext context) {
        List<Mirror> unused = unused(mirrors);
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (Mirror each : mirrors) {
            last = last.thenComposeAsync(
                    done -> unused.contains(each) ? remove(each, context.stopper()) : pack(each, context),
                    sources.processes().loop()::execute);
        }
        return last;
    }

    private List<Mirror> all() throws IOException {
        List<Mirror> mirrors = new ArrayList<>();
        if (!Files.isDirectory(sources.settings().mirrors())) {
            return mirrors;
        }
        try (Stream<Path> list = Files.list(sources.settings().mirrors())) {
            for (Path directory : list.sorted().toList()) {
                Path lock = directory.resolve(GitSources.LOCK);
                if (Files.exists(lock)) {
                    Instant used = Files.getLastModifiedTime(lock).toInstant();
                    mirrors.add(new Mirror(directory, used, isEmpty(directory), bytes(directory), objects(directory)));
                }
            }
        }
        return mirrors;
    }

    private static boolean isEmpty(Path mirror) throws IOException {
        if (Files.exists(mirror.resolve("packed-refs"))) {
            return false;
        }
        Path refs = mirror.resolve("refs");
        if (!Files.isDirectory(refs)) {
            return true;
        }
        try (Stream<Path> all = Files.walk(refs)) {
            return all.noneMatch(Files::isRegularFile);
        }
    }

    private static Objects objects(Path mirror) throws IOException {
        Path objects = mirror.resolve("objects");
        if (!Files.isDirectory(objects)) {
            return new Objects(0, 0);
        }
        int loose = 0;
        int packs = 0;
        try (Stream<Path> all = Files.walk(objects, 2)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                loose += LOOSE_NAME.matcher(file.getFileName().toString()).matches() ? 1 : 0;
                packs += file.toString().endsWith(".pack") ? 1 : 0;
            }
        }
        return new Objects(loose, packs);
    }

    private static long bytes(Path mirror) throws IOException {
        long sum = 0;
        try (Stream<Path> all = Files.walk(mirror)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    private List<Mirror> unused(List<Mirror> mirrors) {
        SourceSettings.Mirrors limits = sources.settings().limits();
        Instant now = Instant.now();
        List<Mirror> unused = new ArrayList<>();
        long left = 0;
        List<Mirror> latestFirst = new ArrayList<>(mirrors);
        latestFirst.sort(Comparator.comparing(Mirror::used).reversed());
        for (Mirror each : latestFirst) {
            Duration age = Duration.between(each.used(), now);
            left += each.bytes();
            if (age.compareTo(each.isEmpty() ? BOGUS : limits.keep()) > 0 || left > limits.bytes()) {
                unused.add(each);
                left -= each.bytes();
            }
        }
        return unused;
    }

    private CompletableFuture<Void> remove(Mirror mirror, Stopper stopper) {
        return sources.lock(mirror.directory(), stopper)
                .thenCompose(release -> sources.processes()
                        .pool()
                        .submit(() -> {
                            LOG.info(
                                    "Removing the mirror {} ({} bytes), used last at {}",
                                    mirror.directory(),
                                    mirror.bytes(),
                                    mirror.used());
                            DirectoryTree.delete(mirror.directory());
                            return (Void) null;
                        })
                        .whenComplete((done, problem) -> release.run()));
    }

    private CompletableFuture<Void> pack(Mirror mirror, ProcessContext context) {
        context.stopper().check();
        if (!mirror.objects().areMany()) {
            return CompletableFuture.completedFuture(null);
        }
        return sources.lock(mirror.directory(), context.stopper())
                .thenCompose(release -> sources.git(context, mirror.directory(), Map.of(), List.of("gc", "--quiet"))
                        .whenComplete((done, problem) -> release.run())
                        .thenAccept(ended -> {
                            if (!ended.ok()) {
                                LOG.warn("The mirror {} cannot be packed: {}", mirror.directory(), ended.lastLine());
                            }
                        }));
    }
}
